using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>RNN, GRU and LSTM with the weights of torch.nn: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 and so on, batch first.</summary>
internal static class RecurrentLayer
{
    private const int MaxLayers = 64;

    internal static Value Convert(LayerNodeContext layer, string type)
    {
        if (layer.Input.Shape.Length != 3)
        {
            throw layer.Settings.Fault($"takes [batch, steps, features] but gets {GraphBuilder.Text(layer.Input.Shape)}");
        }

        int count = layer.Settings.Int("num_layers") ?? 1;
        bool both = layer.Settings.Flag("bidirectional");
        string output = layer.Settings.Text("output") ?? "all";
        string nonlinearity = type == "RNN" ? layer.Settings.Text("nonlinearity") ?? "tanh" : "tanh";
        if (count is < 1 or > MaxLayers || output is not ("all" or "last") || nonlinearity is not ("tanh" or "relu"))
        {
            throw layer.Settings.Fault("needs 1 to 64 'num_layers', 'output' all or last, and for RNN 'nonlinearity' tanh or relu");
        }

        Value x = layer.Input;
        for (int i = 0; i < count; i++)
        {
            x = One(layer, type, x, i, both, nonlinearity, i < count - 1 || output == "all");
        }

        return x;
    }

    private static Value One(LayerNodeContext layer, string type, Value x, int number, bool both, string nonlinearity, bool all)
    {
        // Gates: torch LSTM i f g o, GRU r z n; ONNX i o f c, z r h.
        int[] order = type switch { "LSTM" => [0, 3, 1, 2], "GRU" => [1, 0, 2], _ => [0] };
        int steps = x.Shape[1];
        int features = x.Shape[2];
        var inputs = new List<float>();
        var states = new List<float>();
        var biases = new List<float>();
        string[] suffixes = both ? ["", "_reverse"] : [""];
        int hidden = 0;
        foreach (string suffix in suffixes)
        {
            Value recurrent = layer.Weight($"weight_hh_l{number}{suffix}", -1, -1);
            hidden = recurrent.Shape[1];
            int rows = checked(order.Length * hidden);
            Value own = layer.Weight($"weight_ih_l{number}{suffix}", rows, features);
            if (recurrent.Shape[0] != rows)
            {
                throw layer.Settings.Fault($"has recurrent weights of shape {GraphBuilder.Text(recurrent.Shape)}, expected [{rows}, {hidden}]");
            }

            inputs.AddRange(Gates(own.Floats, order));
            states.AddRange(Gates(recurrent.Floats, order));
            foreach (string side in new[] { "ih", "hh" })
            {
                biases.AddRange(layer.WeightOrNull($"bias_{side}_l{number}{suffix}", rows) is { } bias ? Gates(bias.Floats, order) : new float[rows]);
            }
        }

        int ways = suffixes.Length;
        int gates = order.Length * hidden;
        GraphBuilder builder = layer.Builder;
        Value[] results = layer.Onnx(
            type,
            2,
            [
                builder.Reshape(x, steps, 1, features),
                Value.Constant(layer.Id + ".w", [.. inputs], ways, gates, features),
                Value.Constant(layer.Id + ".r", [.. states], ways, gates, hidden),
                Value.Constant(layer.Id + ".b", [.. biases], ways, 2 * gates),
            ],
            ("hidden_size", hidden),
            ("direction", both ? "bidirectional" : "forward"),
            ("linear_before_reset", type == "GRU" ? 1 : null),
            ("activations", type == "RNN" ? [.. Enumerable.Repeat(nonlinearity == "relu" ? "Relu" : "Tanh", ways)] : (string[]?)null));
        return all
            ? builder.Reshape(builder.Transpose(results[0], 2, 0, 1, 3), 1, steps, ways * hidden)
            : builder.Reshape(builder.Transpose(results[1], 1, 0, 2), 1, ways * hidden);
    }

    private static float[] Gates(float[] rows, int[] order)
    {
        int gate = rows.Length / order.Length;
        return [.. order.SelectMany(position => new ArraySegment<float>(rows, position * gate, gate))];
    }
}
