using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>RNN, GRU and LSTM: one operator of the engine for each direction.</summary>
internal static class RecurrentOperators
{
    // Those that take α and β as ONNX lists them.
    private static readonly (ActivationFunction Function, SourceName Name)[] activations = [.. ActivationFunctions.Named(names => names.Onnx).Where(entry => entry.Name.InRecurrent)];

    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("RNN", call => Convert(call, Opcode.RNN, 1, ["Tanh"])),
        new("GRU", call => Convert(call, Opcode.GRU, 3, ["Sigmoid", "Tanh"])),
        new("LSTM", call => Convert(call, Opcode.LSTM, 4, ["Sigmoid", "Tanh", "Tanh"])),
    ];

    private static void Convert(OnnxNodeContext call, Opcode opcode, int gates, string[] defaults)
    {
        GraphBuilder builder = call.Builder;
        bool batchFirst = call.Flag("layout");
        Value x = call.Input(0);
        if (x.Shape.Length != 3)
        {
            throw call.Fault($"reads sequences from {GraphBuilder.Text(x.Shape)}");
        }

        x = batchFirst ? builder.Transpose(x, 1, 0, 2) : x;
        string direction = call.Text("direction", "forward");
        int directions = direction switch
        {
            "forward" or "reverse" => 1,
            "bidirectional" => 2,
            _ => throw call.Fault($"has the unknown direction '{direction}'"),
        };
        foreach (int position in Enumerable.Range(1, 3).Where(call.Has))
        {
            call.Constants(position);
        }

        Value w = call.Input(1);
        Value r = call.Input(2);
        int hidden = r.Shape[^1];
        long declared = call.Int("hidden_size", hidden);
        bool fits = w.Shape.AsSpan().SequenceEqual([directions, gates * hidden, x.Shape[2]]) && r.Shape.AsSpan().SequenceEqual([directions, gates * hidden, hidden]);
        if (!fits || declared != hidden)
        {
            throw call.Fault($"has weights of {GraphBuilder.Text(w.Shape)} and {GraphBuilder.Text(r.Shape)} for {x.Shape[2]} features and {declared} units");
        }

        if (call.Has(4) && Array.Exists(call.Constants(4), length => length != x.Shape[0]))
        {
            throw call.Fault("stops some sequences early, which is not supported");
        }

        RecurrentSettings[] settings = Settings(call, opcode, directions, defaults);
        var outputs = new Value[directions][];
        for (int i = 0; i < directions; i++)
        {
            Value?[] inputs =
            [
                x,
                Part(builder, w, i),
                Part(builder, r, i),
                call.InputOrNull(3) is { } bias ? Part(builder, bias, i) : null,
                Initial(call, 5, i, batchFirst),
                opcode == Opcode.LSTM ? Initial(call, 6, i, batchFirst) : null,
                opcode == Opcode.LSTM && call.InputOrNull(7) is { } peepholes ? Part(builder, peepholes, i) : null,
            ];
            bool reverse = direction == "reverse" || i == 1;
            outputs[i] = builder.Recurrent(opcode, inputs, hidden, settings[i] with { Reverse = reverse });
        }

        int batch = x.Shape[1];
        Value all = builder.Concat(1, [.. outputs.Select(o => builder.Reshape(o[0], x.Shape[0], 1, batch, hidden))]);
        call.Output(0, batchFirst ? builder.Transpose(all, 2, 0, 1, 3) : all);
        for (int k = 1; k < outputs[0].Length; k++)
        {
            if (call.Wants(k))
            {
                Value last = builder.Concat(0, [.. outputs.Select(o => builder.Reshape(o[k], 1, batch, hidden))]);
                call.Output(k, batchFirst ? builder.Transpose(last, 1, 0, 2) : last);
            }
        }
    }

    private static Value Part(GraphBuilder builder, Value value, int direction)
    {
        Value part = builder.Slice(value, 0, direction, 1);
        return builder.Reshape(part, value.Shape[1..]);
    }

    private static Value? Initial(OnnxNodeContext call, int position, int direction, bool batchFirst)
    {
        if (call.InputOrNull(position) is not { } value)
        {
            return null;
        }

        value = batchFirst ? call.Builder.Transpose(value, 1, 0, 2) : value;
        return value.Data is float[] data && Array.TrueForAll(data, number => number == 0f) ? null : Part(call.Builder, value, direction);
    }

    private static RecurrentSettings[] Settings(OnnxNodeContext call, Opcode opcode, int directions, string[] defaults)
    {
        IReadOnlyList<string> names = call.Texts("activations") ?? [.. Enumerable.Repeat(defaults, directions).SelectMany(list => list)];
        if (names.Count != directions * defaults.Length)
        {
            throw call.Fault($"has {names.Count} activations, expected {directions * defaults.Length}");
        }

        var alphas = new Queue<float>(call.Floats("activation_alpha") ?? []);
        var betas = new Queue<float>(call.Floats("activation_beta") ?? []);
        float clip = call.Float("clip", 0f);
        bool flag = opcode == Opcode.LSTM ? call.Flag("input_forget") : opcode == Opcode.GRU && call.Flag("linear_before_reset");
        var result = new RecurrentSettings[directions];
        for (int i = 0; i < directions; i++)
        {
            var functions = new RecurrentActivation[defaults.Length];
            for (int k = 0; k < functions.Length; k++)
            {
                string name = names[(i * defaults.Length) + k];
                int row = Array.FindIndex(activations, candidate => string.Equals(candidate.Name.Name, name, StringComparison.OrdinalIgnoreCase));
                if (row < 0)
                {
                    throw call.Fault($"has the activation '{name}', which is not supported");
                }

                (ActivationFunction function, SourceName source) = activations[row];
                functions[k] = new RecurrentActivation(function.Kind, Next(source.Alpha, alphas), Next(source.Beta, betas));
            }

            result[i] = new RecurrentSettings(functions, clip, flag, Reverse: false);
        }

        return result;
    }

    private static float Next(Setting? setting, Queue<float> given) => setting is null ? 0f : given.TryDequeue(out float value) ? value : setting.Default;
}
