using System.Text.Json;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>
/// How a layer computes that <c>model.quantize("int8")</c> changed. It rounds its inputs too: each row x becomes
/// q = round(x·s) with s = <paramref name="Highest"/> / (max|x| + <paramref name="Epsilon"/>), and q·K / (s·scale) is its product
/// (keras/src/quantizers/quantizers.py, abs_max_quantize; keras/src/layers/core/dense.py, _int8_call).
/// </summary>
/// <param name="RoundsInputs">Whether inputs are rounded at all.</param>
/// <param name="Lowest">The lowest q.</param>
/// <param name="Highest">The highest q.</param>
/// <param name="Epsilon">Keeps s finite.</param>
internal sealed record KerasQuantization(bool RoundsInputs, float Lowest, float Highest, float Epsilon)
{
    private static readonly KerasQuantization byDefault = new(true, -127f, 127f, 1e-7f);

    /// <summary>How a layer is quantized, or null if it is not.</summary>
    /// <exception cref="InputException">It is quantized in another way than to int8.</exception>
    internal static KerasQuantization? Of(KerasLayer layer)
    {
        if (Mode(layer) is not { } mode)
        {
            return null;
        }

        if (mode != "int8")
        {
            throw layer.Fault($"is quantized as '{mode}'; only Keras' int8 is supported; save the model before model.quantize");
        }

        if (!layer.Config.TryGetProperty("quantization_config", out JsonElement own) || own.ValueKind != JsonValueKind.Object)
        {
            return byDefault;
        }

        if (!own.GetProperty("config").TryGetProperty("activation_quantizer", out JsonElement quantizer) || quantizer.ValueKind == JsonValueKind.Null)
        {
            return byDefault with { RoundsInputs = false };
        }

        JsonElement settings = quantizer.GetProperty("config");
        if (quantizer.GetProperty("class_name").GetString() != "AbsMaxQuantizer" || (settings.TryGetProperty("output_dtype", out JsonElement type) && type.GetString() != "int8"))
        {
            throw layer.Fault("rounds its inputs with a custom quantizer; only Keras' AbsMaxQuantizer to int8 is supported");
        }

        float[] range = settings.TryGetProperty("value_range", out JsonElement list) ? [.. list.EnumerateArray().Select(item => item.GetSingle())] : [byDefault.Lowest, byDefault.Highest];
        return new KerasQuantization(true, range[0], range[1], settings.TryGetProperty("epsilon", out JsonElement epsilon) ? epsilon.GetSingle() : byDefault.Epsilon);
    }

    /// <summary>Refuses scales that integers cannot be divided by.</summary>
    internal static void RequireScale(KerasLayer layer, KerasTensor scale, int count)
    {
        layer.Require(scale, count);
        if (Array.Exists(scale.Data, value => !(value > 0f) || float.IsInfinity(value)))
        {
            throw layer.Fault("has a scale that is not above 0 and finite; quantize the model again");
        }
    }

    /// <summary>x·K by the layer's formula.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">[..., in].</param>
    /// <param name="kernel">[out, in], integers.</param>
    /// <param name="scale">By which the integers of each unit are to be divided, [out].</param>
    internal Value Product(KerasLayer layer, Value x, KerasTensor kernel, KerasTensor scale)
    {
        GraphBuilder builder = layer.Builder;
        int units = kernel.Shape[0];
        int depth = kernel.Shape[1];
        if (!RoundsInputs)
        {
            var real = new KerasTensor(kernel.Shape, [.. kernel.Data.Select((value, i) => value / scale.Data[i / depth])]);
            return builder.Dense(x, real.Constant(layer.Name + ".kernel", units, depth), null);
        }

        // In Keras' own order, since what lies between two integers must round to the same one.
        Value largest = builder.Reduce(ReduceKind.Max, builder.Unary(UnaryKind.Abs, x), [x.Shape.Length - 1]);
        Value steps = builder.Arithmetic(Opcode.Div, builder.Scalar(Highest), builder.Arithmetic(Opcode.Add, largest, builder.Scalar(Epsilon)));
        Value rounded = builder.Unary(UnaryKind.Clip, builder.Unary(UnaryKind.Round, builder.Arithmetic(Opcode.Mul, x, steps)), Lowest, Highest);
        Value product = builder.Dense(rounded, kernel.Constant(layer.Name + ".kernel", units, depth), null);
        return builder.Arithmetic(Opcode.Div, product, builder.Arithmetic(Opcode.Mul, steps, scale.Constant(layer.Name + ".kernel_scale", units)));
    }

    // A policy is an object with a mode, or its name: int8_from_float32.
    private static string? Mode(KerasLayer layer)
    {
        if (!layer.Config.TryGetProperty("dtype", out JsonElement policy))
        {
            return null;
        }

        if (policy.ValueKind == JsonValueKind.String)
        {
            string[] parts = policy.GetString()!.Split("_from_");
            return parts.Length > 1 ? parts[0] : null;
        }

        return policy.ValueKind == JsonValueKind.Object && policy.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("mode", out JsonElement mode)
            ? mode.GetString()
            : null;
    }
}
