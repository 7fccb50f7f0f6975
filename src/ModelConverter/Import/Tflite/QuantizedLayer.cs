using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>What a quantized layer with weights needs besides them.</summary>
/// <param name="Bias">int32 (int16 activations: int64), or null.</param>
/// <param name="Multipliers">1, or one for each output channel.</param>
/// <param name="Shifts">As many.</param>
internal sealed record QuantizedLayer(Value? Bias, Value Multipliers, Value Shifts)
{
    /// <summary>The constants of a layer whose third input is its bias, by TensorFlow Lite's rule.</summary>
    internal static QuantizedLayer Of(TfliteNodeContext source, Value input, Value weights, Value output, int channels, int biasInput = 2)
    {
        if (input.Type == TensorType.Int16 && source.Code == TfliteOperatorCode.TRANSPOSE_CONV)
        {
            throw TfliteNodeContext.Unsupported("works on Int16; float32 and int8 are supported");
        }

        if (input.Type is not (TensorType.Int8 or TensorType.Int16) || output.Type != input.Type || weights.Type != TensorType.Int8)
        {
            throw TfliteNodeContext.Unsupported($"works on {input.Type} with {weights.Type} weights and {output.Type} outputs; float32, int8 and int16 with int8 weights are supported");
        }

        float inputScale = TfliteNodeContext.Quantized(input).Scale;
        float outputScale = TfliteNodeContext.Quantized(output).Scale;
        Quantization scales = weights.Quantization ?? throw TfliteNodeContext.Unsupported($"has weights '{weights.Name}' without a scale");
        if (scales.ZeroPoint != 0)
        {
            throw TfliteNodeContext.Unsupported($"has weights '{weights.Name}' with zero point {scales.ZeroPoint}; weights are symmetric");
        }

        // The product of scales is rounded to single precision for one scale in FULLY_CONNECTED and in uint8, and kept in
        // double for several.
        bool single = (source.Code == TfliteOperatorCode.FULLY_CONNECTED || source.OutputType == TfliteType.UInt8) && scales.Scales is null;
        float[] each = scales.Scales ?? [scales.Scale];
        if (each.Length != 1 && each.Length != channels)
        {
            throw TfliteNodeContext.Unsupported($"has {each.Length} scales for {channels} channels");
        }

        QuantizedMultiplier[] factors = Array.ConvertAll(each, scale => TfliteNodeContext.Multiplier(
            (single ? inputScale * scale : (double)inputScale * scale) / outputScale));
        return new QuantizedLayer(
            source.HasInput(biasInput) ? BiasOf(source, input.Type, biasInput, channels) : null,
            Value.Constant(weights.Name + ".multipliers", Array.ConvertAll(factors, factor => factor.Multiplier), factors.Length),
            Value.Constant(weights.Name + ".shifts", Array.ConvertAll(factors, factor => (sbyte)factor.Shift), factors.Length));
    }

    private static Value BiasOf(TfliteNodeContext source, TensorType type, int position, int channels)
    {
        Value bias = source.Constant(position);
        if (bias.Elements != channels)
        {
            throw TfliteNodeContext.Unsupported($"has a bias of {bias.Elements} elements for {channels} channels");
        }

        return (type, bias.Data) switch
        {
            (TensorType.Int8, int[]) or (TensorType.Int16, long[]) => bias,
            (TensorType.Int16, int[] narrow) => Value.Constant(bias.Name, Array.ConvertAll(narrow, value => (long)value), bias.Shape),
            _ => throw TfliteNodeContext.Unsupported($"has a bias of type {bias.Type} for {type} activations"),
        };
    }
}
