namespace EdgeInference.ModelConverter.Quantize;

/// <summary>A real multiplier as an int32 Q0.31 multiplier and a power of two, as the TensorFlow Lite quantization specification has it.</summary>
/// <param name="Multiplier">0, or 2³⁰ to 2³¹ − 1.</param>
/// <param name="Shift">−31 to 30; above 0 to the left.</param>
internal readonly record struct QuantizedMultiplier(int Multiplier, int Shift)
{
    /// <summary>The real number that this stands for.</summary>
    public double Real => Math.ScaleB(Multiplier, Shift - 31);

    /// <summary>Whether a real number, 0 or above and below 2³⁰, has such a multiplier.</summary>
    public static bool IsInRange(double real) => real >= 0 && real < 1 << 30;

    /// <summary>The nearest such multiplier; one below 2⁻³² becomes 0.</summary>
    /// <param name="real">0 or above, below 2³⁰.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="real"/> is out of range or not a number.</exception>
    public static QuantizedMultiplier From(double real)
    {
        if (!IsInRange(real))
        {
            throw new ArgumentOutOfRangeException(nameof(real), real, "A requantization multiplier must be between 0 and 2^30.");
        }

        if (real == 0)
        {
            return new QuantizedMultiplier(0, 0);
        }

        int shift = Math.ILogB(real) + 1;
        long fraction = (long)Math.Round(Math.ScaleB(real, 31 - shift), MidpointRounding.AwayFromZero);
        if (fraction == 1L << 31)
        {
            fraction /= 2;
            shift++;
        }

        // Just below 2³⁰ the nearest is the largest there is.
        return shift < -31 ? new QuantizedMultiplier(0, 0) : shift > 30 ? new QuantizedMultiplier(int.MaxValue, 30) : new QuantizedMultiplier((int)fraction, shift);
    }
}
