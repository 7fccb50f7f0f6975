using ModelExporter.Graphs;
using ModelFormat;

namespace ModelExporter.Import.Keras;

/// <summary>The layers that are imported, by their class names.</summary>
internal static class KerasLayers
{
    internal static readonly IReadOnlyDictionary<string, Func<KerasLayer, Value>> All = new Dictionary<string, Func<KerasLayer, Value>>(StringComparer.Ordinal)
    {
        ["InputLayer"] = layer => layer.Input,
        ["Dropout"] = layer => layer.Input,
        ["GaussianNoise"] = layer => layer.Input,
        ["Dense"] = Dense,
        ["BatchNormalization"] = BatchNormalization,
        ["Activation"] = layer => Activate(layer, layer.Input, layer.Text("activation")),
        ["ReLU"] = layer => Activate(layer, layer.Input, "relu"),
        ["Softmax"] = layer => layer.Builder.Softmax(layer.Input),
        ["LeakyReLU"] = layer => layer.Builder.Activation(ActivationKind.LeakyReLU, layer.Input, layer.Number("alpha", layer.Number("negative_slope", 0.3f))),
        ["ELU"] = layer => layer.Builder.Activation(ActivationKind.ELU, layer.Input, layer.Number("alpha", 1f)),
        ["Flatten"] = layer => layer.Builder.Reshape(layer.Input, 1, layer.Input.Elements),
        ["Add"] = layer => layer.Inputs.Aggregate((a, b) => layer.Builder.Arithmetic(Opcode.Add, a, b)),
        ["Multiply"] = layer => layer.Inputs.Aggregate((a, b) => layer.Builder.Arithmetic(Opcode.Mul, a, b)),
    };

    private static Value Dense(KerasLayer layer)
    {
        float[][] weights = layer.Weights.Of(layer.Name);
        int depth = layer.Input.LastDimension;
        int units = weights[0].Length / depth;
        var transposed = new float[weights[0].Length];
        for (int unit = 0; unit < units; unit++)
        {
            for (int i = 0; i < depth; i++)
            {
                transposed[(unit * depth) + i] = weights[0][(i * units) + unit];
            }
        }

        Value? bias = layer.Flag("use_bias") ? Value.Constant(layer.Name + ".bias", weights[1], units) : null;
        Value sum = layer.Builder.Dense(layer.Input, Value.Constant(layer.Name + ".kernel", transposed, units, depth), bias);
        return Activate(layer, sum, layer.Text("activation"));
    }

    private static Value BatchNormalization(KerasLayer layer)
    {
        // gamma and beta are there where the layer scales and centres; mean and variance always come last.
        float[][] weights = layer.Weights.Of(layer.Name);
        float[] mean = weights[^2];
        float[] variance = weights[^1];
        int next = 0;
        float[]? gamma = layer.Flag("scale") ? weights[next++] : null;
        float[]? beta = layer.Flag("center") ? weights[next] : null;
        double epsilon = layer.Number("epsilon", 1e-3f);
        var scale = new float[mean.Length];
        var shift = new float[mean.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            double factor = (gamma?[i] ?? 1.0) / Math.Sqrt(variance[i] + epsilon);
            scale[i] = (float)factor;
            shift[i] = (float)((beta?[i] ?? 0.0) - (mean[i] * factor));
        }

        Value scaled = layer.Builder.Arithmetic(Opcode.Mul, layer.Input, Value.Constant(layer.Name + ".scale", scale, scale.Length));
        return layer.Builder.Arithmetic(Opcode.Add, scaled, Value.Constant(layer.Name + ".shift", shift, shift.Length));
    }

    private static Value Activate(KerasLayer layer, Value x, string name) => name switch
    {
        "" or "linear" => x,
        "softmax" => layer.Builder.Softmax(x),
        "relu" => layer.Builder.Activation(ActivationKind.ReLU, x),
        "relu6" => layer.Builder.Activation(ActivationKind.ReLU6, x),
        "sigmoid" => layer.Builder.Activation(ActivationKind.Sigmoid, x),
        "tanh" => layer.Builder.Activation(ActivationKind.Tanh, x),
        "elu" => layer.Builder.Activation(ActivationKind.ELU, x),
        "selu" => layer.Builder.Activation(ActivationKind.SELU, x),
        "swish" or "silu" => layer.Builder.Activation(ActivationKind.SiLU, x),
        "softplus" => layer.Builder.Activation(ActivationKind.Softplus, x),
        "softsign" => layer.Builder.Activation(ActivationKind.Softsign, x),
        _ => throw new InputException($"Layer '{layer.Name}' applies the activation '{name}', which is not supported."),
    };
}
