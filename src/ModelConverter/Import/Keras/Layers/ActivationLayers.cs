using System.Text.Json;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Activations that are separate layers.</summary>
internal static class ActivationLayers
{
    // Those that are more than a kind and its settings.
    private static readonly Dictionary<string, Func<KerasLayer, Value>> own = new(StringComparer.Ordinal)
    {
        ["ReLU"] = ReLU,
        ["PReLU"] = PReLU,
    };

    internal static readonly KerasLayerRow[] Rows =
    [
        new("Activation", layer => KerasActivation.Apply(layer, layer.Input)),
        .. ActivationFunctions.Named(names => names.KerasLayers).Select(Row),
        new("Softmax", Softmax),
    ];

    private static KerasLayerRow Row((ActivationFunction Function, SourceName Name) entry) =>
        new(entry.Name.Name, own.GetValueOrDefault(entry.Name.Name) ?? (layer =>
            layer.Builder.Activation(entry.Function.Kind, layer.Input, entry.Name.Alpha?.Read(layer.NumberOrNull), entry.Name.Beta?.Read(layer.NumberOrNull))));

    // Keras: max_value from max_value on, x from threshold on, negative_slope·(x − threshold) below it.
    private static Value ReLU(KerasLayer layer)
    {
        GraphBuilder builder = layer.Builder;
        Value x = layer.Input;
        float? most = layer.NumberOrNull("max_value");
        float slope = layer.Number("negative_slope", 0f);
        float threshold = layer.Number("threshold", 0f);
        if (slope == 0f && threshold == 0f && most is null or 6f)
        {
            return builder.Activation(most is null ? ActivationKind.ReLU : ActivationKind.ReLU6, x);
        }

        if (most is null && threshold == 0f)
        {
            return builder.Activation(ActivationKind.LeakyReLU, x, slope);
        }

        Value above = threshold == 0f ? builder.Activation(ActivationKind.ReLU, x) : builder.Activation(ActivationKind.ThresholdedReLU, x, threshold);
        if (most is { } bound)
        {
            above = builder.Unary(UnaryKind.Clip, above, 0f, bound);
        }

        if (slope == 0f)
        {
            return above;
        }

        Value below = builder.Activation(ActivationKind.ReLU, builder.Arithmetic(Opcode.Sub, builder.Scalar(threshold), x));
        return builder.Arithmetic(Opcode.Sub, above, builder.Arithmetic(Opcode.Mul, below, builder.Scalar(slope)));
    }

    private static Value PReLU(KerasLayer layer)
    {
        KerasTensor slopes = layer.Weights(1)[0];
        int[] shape = slopes.Shape;
        GraphBuilder builder = layer.Builder;
        Value constant = slopes.Constant(layer.Name + ".alpha", shape);
        bool shared = shape.Length > 0 && shape[..^1].All(size => size == 1) && shape[^1] == layer.Input.LastDimension;
        if (shared)
        {
            return builder.PReLU(layer.Input, constant);
        }

        // A slope for each place, which the engine's PReLU has not: max(0, x) + α · min(0, x).
        Value below = builder.Binary(BinaryKind.Min, layer.Input, builder.Scalar(0));
        return builder.Arithmetic(Opcode.Add, builder.Activation(ActivationKind.ReLU, layer.Input), builder.Arithmetic(Opcode.Mul, below, constant));
    }

    private static Value Softmax(KerasLayer layer)
    {
        if (layer.Config.TryGetProperty("axis", out JsonElement setting) && setting.ValueKind == JsonValueKind.Array && setting.GetArrayLength() != 1)
        {
            throw layer.Fault("spans several axes, which is not supported");
        }

        int axis = layer.Axis(layer.Ints("axis", 1, -1)[0]);
        int[] swap = [.. Enumerable.Range(0, layer.Input.Shape.Length)];
        (swap[axis], swap[^1]) = (swap[^1], swap[axis]);
        GraphBuilder builder = layer.Builder;
        return builder.Transpose(builder.Softmax(builder.Transpose(layer.Input, swap)), swap);
    }
}
