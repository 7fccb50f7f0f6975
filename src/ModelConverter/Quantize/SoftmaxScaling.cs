namespace EdgeInference.ModelConverter.Quantize;

/// <summary>The integer parameters of an int8 Softmax, by TensorFlow Lite's rule: differences to the maximum become Q5.26.</summary>
/// <param name="Multiplier">Q0.31.</param>
/// <param name="LeftShift">0 to 31.</param>
/// <param name="DifferenceMin">Differences below this give probability 0.</param>
internal readonly record struct SoftmaxScaling(int Multiplier, int LeftShift, int DifferenceMin)
{
    private const int IntegerBits = 5;

    /// <summary>The parameters for β and the scale of the logits.</summary>
    public static SoftmaxScaling From(float beta, float inputScale)
    {
        double real = Math.Min((double)beta * inputScale * (1 << (31 - IntegerBits)), (1L << 31) - 1);
        int shift = Math.ILogB(real) + 1;
        long fraction = (long)Math.Round(Math.ScaleB(real, 31 - shift), MidpointRounding.AwayFromZero);
        if (fraction == 1L << 31)
        {
            fraction /= 2;
            shift++;
        }

        // Logits of a scale below 2⁻²⁶ hardly differ; the multiplier then takes the right shift.
        if (shift < 0)
        {
            fraction >>= Math.Min(-shift, 62);
            shift = 0;
        }

        double radius = ((1 << IntegerBits) - 1) * Math.ScaleB(1, 31 - IntegerBits) / Math.ScaleB(1, shift);
        return new SoftmaxScaling((int)fraction, shift, -(int)Math.Clamp(Math.Floor(radius), 0, 32768));
    }
}
