using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.Import.Tflite.Tables;

/// <summary>
/// The quantized ReLU family by TensorFlow Lite's rules: two requantizations, one for each sign. The factors are computed in
/// single precision where its kernels do so, since the last bit of a multiplier can change an output.
/// </summary>
internal static class RectifierTables
{
    /// <summary>max(low, min(high, x)), requantized; the bounds are rounded to the output's scale first.</summary>
    internal static Func<int, int> Clip(Quantization input, Quantization output, float low, float high)
    {
        QuantizedMultiplier factor = TfliteNodeContext.Multiplier(input.Scale / output.Scale);
        int min = output.ZeroPoint + Rounded(low / output.Scale);
        int max = float.IsPositiveInfinity(high) ? int.MaxValue : output.ZeroPoint + Rounded(high / output.Scale);
        return x => Math.Min(max, Math.Max(min, Requantization.Moved(FixedPoint.Requantize(x - input.ZeroPoint, factor.Multiplier, factor.Shift), output.ZeroPoint)));
    }

    /// <summary>x for x ≥ 0, else αx; α of either sign.</summary>
    internal static Func<int, int> LeakyReLU(Quantization input, Quantization output, float alpha)
    {
        QuantizedMultiplier identity = TfliteNodeContext.Multiplier(input.Scale / output.Scale);
        QuantizedMultiplier slope = TfliteNodeContext.Multiplier(Math.Abs((double)(input.Scale * alpha / output.Scale)));
        return x =>
        {
            int value = x - input.ZeroPoint;
            int scaled = value >= 0
                ? FixedPoint.Requantize(value, identity.Multiplier, identity.Shift)
                : Math.Sign(alpha) * FixedPoint.Requantize(value, slope.Multiplier, slope.Shift);
            return Requantization.Moved(scaled, output.ZeroPoint);
        };
    }

    /// <summary>LeakyReLU with a slope that is quantized itself: slope scale · (<paramref name="alpha"/> − its zero point).</summary>
    internal static Func<int, int> PReLU(Quantization input, Quantization slope, Quantization output, int alpha)
    {
        QuantizedMultiplier identity = TfliteNodeContext.Multiplier((double)input.Scale / output.Scale);
        QuantizedMultiplier product = TfliteNodeContext.Multiplier((double)input.Scale * slope.Scale / output.Scale);
        return x =>
        {
            int value = x - input.ZeroPoint;
            int scaled = value >= 0
                ? FixedPoint.Requantize(value, identity.Multiplier, identity.Shift)
                : FixedPoint.Requantize(value * (alpha - slope.ZeroPoint), product.Multiplier, product.Shift);
            return Requantization.Moved(scaled, output.ZeroPoint);
        };
    }

    // Beyond this a bound clamps nothing in int8 or int16.
    private static int Rounded(float value) => (int)MathF.Round(Math.Clamp(value, -1e6f, 1e6f), MidpointRounding.AwayFromZero);
}
