using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.Import.Tflite.Tables;

/// <summary>
/// int8 LOGISTIC and TANH by TensorFlow Lite's rule: the input becomes Q4.27, gemmlowp's published fixed-point exponential
/// and Newton-Raphson reciprocal give Q0.31, and that is rounded to the fixed output scale (1/256 and 1/128).
/// </summary>
internal sealed class SigmoidTables
{
    private const int IntegerBits = 4;

    private readonly int zeroPoint;
    private readonly QuantizedMultiplier factor;
    private readonly int radius;

    internal SigmoidTables(Quantization input)
    {
        zeroPoint = input.ZeroPoint;
        factor = TfliteNodeContext.Multiplier((double)input.Scale * (1 << (31 - IntegerBits)));

        // Beyond this the rescaled input would leave Q4.27; the function is saturated long before.
        radius = (int)Math.Floor(Math.ScaleB((1 << IntegerBits) - 1, 31 - IntegerBits - factor.Shift));
    }

    /// <summary>1 / (1 + e^−x) at scale 1/256 and zero point −128.</summary>
    internal int Logistic(int x)
    {
        int value = x - zeroPoint;
        if (Math.Abs(value) >= radius)
        {
            return value < 0 ? sbyte.MinValue : sbyte.MaxValue;
        }

        int real = FixedPoint.Requantize(value, factor.Multiplier, factor.Shift);
        int ofPositive = FixedPointExponential.ReciprocalOfOnePlus(FixedPointExponential.OfNegative(-Math.Abs(real), IntegerBits));
        int probability = real == 0 ? 1 << 30 : real > 0 ? ofPositive : int.MaxValue - ofPositive;
        return FixedPoint.RoundingDivideByPowerOfTwo(probability, 23) - 128;
    }

    /// <summary>tanh x at scale 1/128 and zero point 0.</summary>
    internal int Tanh(int x)
    {
        int value = x - zeroPoint;
        if (Math.Abs(value) >= radius)
        {
            return value < 0 ? sbyte.MinValue : sbyte.MaxValue;
        }

        // The bits of x in Q4.27 are those of 2x in Q5.26, and tanh |x| = (1 − e^−2|x|) / (1 + e^−2|x|).
        int real = FixedPoint.Requantize(value, factor.Multiplier, factor.Shift);
        int magnitude = real == 0 ? 0 : FixedPointExponential.OneMinusOverOnePlus(FixedPointExponential.OfNegative(-Math.Abs(real)));
        return FixedPoint.RoundingDivideByPowerOfTwo(real < 0 ? -magnitude : magnitude, 24);
    }
}
