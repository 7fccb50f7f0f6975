using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>
/// e^x, e^x − 1 and ln(1 + u) in float32 for vectors of any width. Polynomials were fitted by Remez' algorithm at 200 bits;
/// docs/numerics.md has their errors.
/// </summary>
internal static class VectorMath
{
    // Cody and Waite: ln 2 = C1 + C2, and k·C1 is exact for every exponent k.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float Log2E = 1.44269504f;

    // e^−104 rounds to 0, e^89 to +∞.
    private const float ExpMin = -104f;
    private const float ExpMax = 89f;

    // Below it e^x − 1 rounds to −1, and no part of the sum is denormal.
    private const float ExpMinusOneMin = -40f;
    private const float ExpMinusOneMax = 88f;

    /// <summary>e^x: denormal results included, 0 for −∞, +∞ above 88.73; at most 1 ULP off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Exp<TVector>(TVector x)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector bounded = TVector.SelectLess(x, ExpMin, ExpMin, TVector.SelectLess(ExpMax, x, ExpMax, x));
        TVector fraction = ExpParts(bounded, 0f, out TVector scale, out TVector rest);
        return fraction * scale * rest;
    }

    /// <summary>
    /// e^(high + low) as fraction · scale · rest, the latter powers of two, so that a factor can be multiplied in before the
    /// result becomes denormal.
    /// </summary>
    /// <param name="high">−170 to 89.</param>
    /// <param name="low">What the rounding of high lost, below 0.1 in magnitude.</param>
    /// <param name="scale">About the square root of the power of two.</param>
    /// <param name="rest">The other half.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpParts<TVector>(TVector high, TVector low, out TVector scale, out TVector rest)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector fraction = ExpFraction(high, low, out TVector k);
        TVector half = TVector.Round(k * 0.5f);
        scale = TVector.PowerOfTwo(half);
        rest = TVector.PowerOfTwo(k - half);
        return fraction;
    }

    // e^(high + low) = fraction · 2^k.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpFraction<TVector>(TVector high, TVector low, out TVector k)
        where TVector : struct, IFloatVector<TVector>
    {
        k = TVector.Round((high + low) * Log2E);
        TVector exact = TVector.MultiplyAdd(k, -Ln2High, high);
        TVector small = TVector.MultiplyAdd(k, -Ln2Low, low);
        TVector r = exact + small;

        // 1 + r + r²·series, with what both additions of r lost put back where it is small: one rounding in all.
        TVector first = r + 1f;
        TVector lost = (exact - r) + small + (r - (first - 1f));
        return first + TVector.MultiplyAdd(r * r, ExpSeries(r), lost);
    }

    /// <summary>2⁶⁴: what results are raised by that may be denormal, until the last step.</summary>
    internal const float Raise = 18446744073709551616f;

    private const float Lower = 1 / Raise;

    /// <summary>A raised number below it counts for nothing in a sum with 1: e^x below 2⁻⁵⁴, whose square is normal still.</summary>
    private const float NothingBesideOne = 1024f;

    /// <summary>e^(high + low) · <see cref="Raise"/>, a normal number.</summary>
    /// <param name="high">−131 to 43.</param>
    /// <param name="low">What the rounding of high lost, below 0.1 in magnitude.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpRaised<TVector>(TVector high, TVector low)
        where TVector : struct, IFloatVector<TVector>
        => ExpFraction(high, low, out TVector k) * TVector.PowerOfTwo(k + 64f);

    /// <summary>A raised e^x as it counts beside 1: 0 where that is nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector BesideOne<TVector>(TVector raised)
        where TVector : struct, IFloatVector<TVector>
        => TVector.SelectLess(raised, NothingBesideOne, 0f, raised) * Lower;

    /// <summary>A raised number, 0 or above, without the raise, rounded once. A denormal result is made of its bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Lowered<TVector>(TVector raised)
        where TVector : struct, IFloatVector<TVector>
    {
        // 2⁻¹²⁶ raised; 2⁻⁶⁴ is 2⁸⁵ · 2⁻¹⁴⁹.
        const float LeastNormal = 1f / (1L << 62);
        const float Units = Raise * (1 << 21);
        if (!TVector.AnyLess(raised, LeastNormal))
        {
            return raised * Lower;
        }

        TVector denormal = TVector.Denormal(TVector.Round(TVector.SelectLess(raised, LeastNormal, raised, 0f) * Units));
        TVector normal = TVector.SelectLess(raised, LeastNormal, 0f, raised) * Lower;
        return TVector.SelectLess(raised, LeastNormal, denormal, normal);
    }

    /// <summary>A magnitude, or 0 where its square or what that lost in rounding could be denormal: for functions that are constant so near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector NotTiny<TVector>(TVector magnitude)
        where TVector : struct, IFloatVector<TVector>
        => TVector.SelectLess(magnitude, 1e-10f, 0f, magnitude);

    /// <summary>e^x − 1 without the loss of digits near 0; at most 1 ULP off below 88, e^88 − 1 above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpMinusOne<TVector>(TVector x)
        where TVector : struct, IFloatVector<TVector>
        => ExpMinusOne(x, out _);

    /// <summary>e^x − 1 as a sum of two: the float32 nearest to it, and about what is missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpMinusOne<TVector>(TVector x, out TVector low)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector bounded = TVector.SelectLess(x, ExpMinusOneMin, ExpMinusOneMin, TVector.SelectLess(ExpMinusOneMax, x, ExpMinusOneMax, x));
        TVector k = TVector.Round(bounded * Log2E);
        TVector exact = TVector.MultiplyAdd(k, -Ln2High, bounded);
        TVector small = k * -Ln2Low;
        TVector r = exact + small;
        TVector tail = TVector.MultiplyAdd(r * r, ExpSeries(r), (exact - r) + small);

        // 2^k − 1 + 2^k·(r + tail), the sum's rounding error put back where it is small.
        TVector scale = TVector.PowerOfTwo(k);
        TVector whole = scale - 1f;
        TVector first = TVector.MultiplyAdd(r, scale, whole);
        TVector second = TVector.MultiplyAdd(tail, scale, (r * scale) - (first - whole));
        TVector high = first + second;
        low = second - (high - first);
        return high;
    }

    /// <summary>ln(1 + u) for 0 ≤ u ≤ 1; at most 2 ULP off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Log1p<TVector>(TVector u)
        where TVector : struct, IFloatVector<TVector>
    {
        // 2·artanh(s) = 2s + s(2s²/3 + 2s⁴/5 + …) with s = u/(2 + u), and 2s = u − us: only the small term is rounded twice.
        TVector s = u / (u + 2f);
        TVector z = s * s;
        TVector series = TVector.MultiplyAdd(z, 0.23253783583641052f, 0.21700040996074677f);
        series = TVector.MultiplyAdd(series, z, 0.2859281003475189f);
        series = TVector.MultiplyAdd(series, z, 0.39999696612358093f);
        series = TVector.MultiplyAdd(series, z, 0.6666666865348816f);
        return u - (s * (u - (z * series)));
    }

    /// <summary>a·b as high + low, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Product<TVector>(TVector a, TVector b, out TVector low)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector high = a * b;
        if (FusedMultiplyAdd.IsSupported)
        {
            low = TVector.MultiplyAdd(a, b, -high);
            return high;
        }

        TVector aHigh = TVector.UpperHalf(a);
        TVector bHigh = TVector.UpperHalf(b);
        TVector aLow = a - aHigh;
        TVector bLow = b - bHigh;
        low = (aHigh * bHigh) - high + (aHigh * bLow) + (aLow * bHigh) + (aLow * bLow);
        return high;
    }

    /// <summary>a + b as high + low, exactly (Knuth's two-sum).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Sum<TVector>(TVector a, TVector b, out TVector low)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector high = a + b;
        TVector bPart = high - a;
        low = (a - (high - bPart)) + (b - bPart);
        return high;
    }

    // (e^r − 1 − r) / r² for |r| ≤ 0.357; 1e-10 off.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpSeries<TVector>(TVector r)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector series = TVector.MultiplyAdd(r, 0.00019919518672395498f, 0.001394447754137218f);
        series = TVector.MultiplyAdd(series, r, 0.008333263918757439f);
        series = TVector.MultiplyAdd(series, r, 0.041666314005851746f);
        series = TVector.MultiplyAdd(series, r, 0.1666666716337204f);
        return TVector.MultiplyAdd(series, r, 0.5f);
    }
}
