namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>The roundings of docs/numerics.md in integers that hold every product.</summary>
internal static class Rounding
{
    /// <summary>n / 2^bits to the nearest integer, a half upwards.</summary>
    internal static long HalfUp(Int128 n, int bits) => bits == 0 ? (long)n : (long)((n + (Int128.One << (bits - 1))) >> bits);

    /// <summary>n / 2^bits to the nearest integer, a half away from zero.</summary>
    internal static long HalfAway(Int128 n, int bits) => n < 0 ? -HalfUp(-n, bits) : HalfUp(n, bits);

    /// <summary>n / d to the nearest integer, a half away from zero.</summary>
    internal static long Quotient(long n, long d) => n < 0 ? -Quotient(-n, d) : ((2 * n) + d) / (2 * d);

    /// <summary>The nearest number that int32 holds.</summary>
    internal static long Saturate(Int128 n) => n < int.MinValue ? int.MinValue : n > int.MaxValue ? int.MaxValue : (long)n;

    /// <summary>A 32-bit sum by a Q0.31 multiplier and a power of two: to the left before, saturated, or to the right with a second rounding.</summary>
    internal static long Scale32(long x, long multiplier, int shift) => shift > 0
        ? HalfUp((Int128)Saturate((Int128)x << shift) * multiplier, 31)
        : HalfAway(HalfUp((Int128)x * multiplier, 31), -shift);

    /// <summary>A 64-bit sum: the multiplier rounded to 16 bits and at most 32767, the product rounded once, the result saturated to 32 bits.</summary>
    internal static long Scale64(long x, long multiplier, int shift) =>
        Saturate(HalfUp((Int128)x * Math.Min(32767, HalfUp(multiplier, 16)), 15 - shift));

    internal static long Clamp(long x, long low, long high) => x < low ? low : x > high ? high : x;
}
