using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.Import.Tflite.Tables;

/// <summary>
/// int8 HARD_SWISH, x · ReLU6(x + 3) / 6, by TensorFlow Lite's 16-bit rule: the input gains 7 bits, one product brings it to
/// the output's scale and another to a gate from 0 to 1, and the two are multiplied.
/// </summary>
internal sealed class HardSwishTable
{
    private readonly Quantization input;
    private readonly Quantization output;
    private readonly short outputMultiplier;
    private readonly int outputShift;
    private readonly short gateMultiplier;
    private readonly int gateShift;

    internal HardSwishTable(Quantization input, Quantization output)
    {
        // Real 3 is 2¹⁵ at the gate's scale.
        const float GateScale = 3f / 32768f;
        this.input = input;
        this.output = output;
        float fine = 1f / 128f * input.Scale;
        (outputMultiplier, outputShift) = Narrow(TfliteNodeContext.Multiplier(fine / output.Scale));
        (gateMultiplier, gateShift) = Narrow(TfliteNodeContext.Multiplier(fine / GateScale));
    }

    /// <summary>Whether the output's scale is fine enough: TensorFlow Lite takes no other.</summary>
    internal bool Fits => outputShift <= 0;

    /// <summary>The output for one input, before it is clamped to int8.</summary>
    internal int Invoke(int x)
    {
        short fine = (short)((x - input.ZeroPoint) << 7);
        short product = RoundingHighMul(fine, outputMultiplier);
        short gate = fine;
        if (gateShift > 0)
        {
            gate = Saturate((long)gate << (gateShift - 1));
        }

        gate = RoundingHighMul(gate, gateMultiplier);
        if (gateShift > 0)
        {
            gate = Saturate((long)gate << 1);
        }

        if (gateShift < 0)
        {
            gate = (short)FixedPoint.RoundingDivideByPowerOfTwo(gate, Math.Min(-gateShift, 31));
        }

        // From −1 … 1 to 0 … 1.
        gate = (short)((gate + (1 << 15)) >> 1);

        // Division, not a shift: this product rounds towards zero.
        short gated = (short)(gate * product / (1 << 15));
        return (short)FixedPoint.RoundingDivideByPowerOfTwo(gated, Math.Min(-outputShift, 31)) + output.ZeroPoint;
    }

    private static (short Multiplier, int Shift) Narrow(QuantizedMultiplier wide) =>
        (wide.Multiplier >= int.MaxValue - (1 << 15) ? short.MaxValue : (short)((wide.Multiplier + (1 << 15)) >> 16), wide.Shift);

    // The 16-bit form of FixedPoint's: round(a·b / 2¹⁵), ties towards +∞.
    private static short RoundingHighMul(short a, short b) => Saturate(((a * b) + (1 << 14)) >> 15);

    private static short Saturate(long value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);
}
