using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.Import.Tflite.Tables;

/// <summary>The same real number in another scale and zero point, as TensorFlow Lite's QUANTIZE does it.</summary>
internal sealed class Requantization(Quantization input, Quantization output)
{
    private readonly QuantizedMultiplier factor = TfliteNodeContext.Multiplier((double)input.Scale / output.Scale);

    /// <summary>The output for one input, before it is clamped to the output's type.</summary>
    internal int Invoke(int x) => Moved(FixedPoint.Requantize(x - input.ZeroPoint, factor.Multiplier, factor.Shift), output.ZeroPoint);

    /// <summary>A requantized number with the zero point of an int8 or int16 output, saturated.</summary>
    internal static int Moved(int scaled, int zeroPoint) => (int)Math.Clamp((long)scaled + zeroPoint, int.MinValue, int.MaxValue);
}
