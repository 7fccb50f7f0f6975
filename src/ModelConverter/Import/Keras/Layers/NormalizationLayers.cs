using System.Text.Json;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Normalisations by stored or by own statistics.</summary>
internal static class NormalizationLayers
{
    // keras.config.epsilon(), below which Normalization takes no standard deviation.
    private const float LeastDeviation = 1e-7f;

    internal static readonly KerasLayerRow[] Rows =
    [
        new("BatchNormalization", BatchNormalization),
        new("LayerNormalization", LayerNormalization),
        new("Normalization", Normalization),
        new("Rescaling", Rescaling),
    ];

    private static Value BatchNormalization(KerasLayer layer)
    {
        // gamma and beta are there where the layer scales and centres; mean and variance always come last.
        bool scales = layer.Flag("scale", missing: true);
        bool centers = layer.Flag("center", missing: true);
        int axis = layer.Axis(layer.Ints("axis", 1, -1)[0]);
        int channels = layer.Input.Shape[axis];
        KerasTensor[] weights = layer.Weights(2 + (scales ? 1 : 0) + (centers ? 1 : 0));
        foreach (KerasTensor tensor in weights)
        {
            layer.Require(tensor, channels);
        }

        float[] mean = weights[^2].Data;
        float[] variance = weights[^1].Data;
        float[]? gamma = scales ? weights[0].Data : null;
        float[]? beta = centers ? weights[scales ? 1 : 0].Data : null;
        double epsilon = layer.Number("epsilon", 1e-3f);
        double[] factor = [.. variance.Select((value, i) => (gamma?[i] ?? 1.0) / Math.Sqrt(value + epsilon))];
        return layer.Builder.Standardise(layer.Input, mean, factor, beta ?? new float[channels], [channels, .. layer.Input.Shape[(axis + 1)..].Select(_ => 1)]);
    }

    private static Value LayerNormalization(KerasLayer layer)
    {
        if (layer.Flag("rms_scaling"))
        {
            throw layer.Fault("scales by the root mean square, which is not supported");
        }

        int rank = layer.Input.Shape.Length;
        int[] axes = [.. (layer.Floats("axis") ?? [-1f]).Select(axis => layer.Axis((int)axis)).Order()];
        if (!axes.SequenceEqual(Enumerable.Range(rank - axes.Length, axes.Length)))
        {
            throw layer.Fault("spans axes that are not the last ones, which is not supported");
        }

        int[] shape = layer.Input.Shape[(rank - axes.Length)..];
        bool scales = layer.Flag("scale", missing: true);
        bool centers = layer.Flag("center", missing: true);
        KerasTensor[] weights = layer.Weights((scales ? 1 : 0) + (centers ? 1 : 0));
        Value? Part(int position, string name)
        {
            layer.Require(weights[position], shape);
            return weights[position].Constant($"{layer.Name}.{name}", shape);
        }

        return layer.Builder.LayerNormalization(
            layer.Input, axes.Length, layer.Number("epsilon", 1e-3f), scales ? Part(0, "gamma") : null, centers ? Part(scales ? 1 : 0, "beta") : null);
    }

    // (x − mean) / max(√variance, ε), mean and variance from the settings or else from the weights.
    private static Value Normalization(KerasLayer layer)
    {
        float[]? mean = layer.Floats("mean");
        float[]? variance = layer.Floats("variance");
        if (mean is null || variance is null)
        {
            KerasTensor[] weights = layer.Weights(2);
            (mean, variance) = (weights[0].Data, weights[1].Data);
        }

        int[] shape = [];
        bool whole = layer.Config.TryGetProperty("axis", out JsonElement setting) && setting.ValueKind == JsonValueKind.Null;
        if (!whole && mean.Length > 1)
        {
            int[] axes = [.. (layer.Floats("axis") ?? [-1f]).Select(axis => layer.Axis((int)axis))];
            shape = [.. layer.Input.Shape.Select((size, axis) => axes.Contains(axis) ? size : 1)];
        }

        if (mean.Length == 0 || mean.Length != variance.Length || GraphBuilder.Elements(shape) != mean.Length)
        {
            throw layer.Fault($"has {mean.Length} means and {variance.Length} variances for {GraphBuilder.Text(layer.Input.Shape)}");
        }

        double[] deviations = [.. variance.Select(value => Math.Max(Math.Sqrt(value), LeastDeviation))];
        return layer.Flag("invert")
            ? Affine(layer, Array.ConvertAll(deviations, value => (float)value), mean, shape)
            : layer.Builder.Standardise(layer.Input, mean, Array.ConvertAll(deviations, value => 1 / value), new float[mean.Length], shape);
    }

    private static Value Rescaling(KerasLayer layer)
    {
        float[] scale = layer.Floats("scale") ?? [1f];
        float[] shift = layer.Floats("offset") ?? [0f];
        int length = Math.Max(scale.Length, shift.Length);
        return Affine(layer, Repeat(scale, length), Repeat(shift, length), length == 1 ? [] : [length]);
    }

    private static float[] Repeat(float[] values, int length) => values.Length == 1 ? [.. Enumerable.Repeat(values[0], length)] : values;

    private static Value Affine(KerasLayer layer, float[] scale, float[] shift, int[] shape)
    {
        Value scaled = layer.Builder.Arithmetic(Opcode.Mul, layer.Input, Value.Constant(layer.Name + ".scale", scale, shape));
        return layer.Builder.Arithmetic(Opcode.Add, scaled, Value.Constant(layer.Name + ".shift", shift, shape));
    }
}
