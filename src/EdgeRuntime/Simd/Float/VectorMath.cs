using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>
/// e^x, e^x − 1 and ln(1 + u) in float32 for vectors of any width. Polynomials were fitted by Remez' algorithm at 200 bits, those of degree 4 by Lawson's iteration;
/// docs/numerics.md has their errors.
/// </summary>
internal static class VectorMath
{
    // Cody and Waite: ln 2 = C1 + C2, and k·C1 is exact for every exponent k.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float Log2E = 1.44269504f;
    private const float Ln2 = 0.693147182f;

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
        // Up to here e^x and its power of two are normal numbers.
        const float Normal = 86.9f;
        TVector magnitude = TVector.Abs(x);
        TVector bounded = TVector.Smaller(ExpMax, TVector.Larger(ExpMin, NotTiny(magnitude, x)));
        TVector sum = TVector.MultiplyAdd(bounded, Log2E, Shift);
        TVector n = sum - Shift;
        TVector r = TVector.MultiplyAdd(n, -Ln2Low, TVector.MultiplyAdd(n, -Ln2High, bounded));
        TVector part = TVector.MultiplyAdd(r * r, ExpSeries(r), r);
        if (!TVector.AnyLess(Normal, magnitude))
        {
            return Scaled(part, TVector.PowerOfSum(sum));
        }

        const float Least = Shift - 125f;
        const float Most = Shift + 127f;
        TVector result = Scaled(part, TVector.PowerOfSum(TVector.Smaller(Most, TVector.Larger(Least, sum))));
        if (TVector.AnyLess(Most, sum))
        {
            result *= TVector.SelectLess(Most, sum, 2f, 1f);
        }

        // Below, e^x is a number of units of 2⁻¹⁴⁹ that is its bits.
        TVector units = Scaled(part, TVector.PowerOfSum(TVector.Smaller(Least, sum) + 149f));
        return TVector.SelectLess(sum, Least, TVector.Denormal(TVector.Round(units)), result);
    }

    /// <summary>1.5·2²³ + 127: what a number below 2²² is added to, to have its nearest integer in the last bits, as an exponent of float32.</summary>
    internal const float Shift = 12583039f;

    // The last power of two by which e^x can be whose reciprocal is normal, as a sum with Shift. Larger ones are taken for a smaller one
    // and what that leaves out comes at the end, by a power that is a difference of such sums: an even one, or it would be rounded.
    private const float LastNormal = Shift + 125f;

    /// <summary>e^x = 2ⁿ(1 + part).</summary>
    /// <param name="x">−110 to 110, and 0 where it is less than 1e-18: its square is taken.</param>
    /// <param name="sum"><see cref="Shift"/> + n.</param>
    /// <returns>The part, at most 0.42; two to three roundings of half its last place off.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpPart<TVector>(TVector x, out TVector sum)
        where TVector : struct, IFloatVector<TVector>
    {
        sum = TVector.MultiplyAdd(x, Log2E, Shift);
        TVector n = sum - Shift;
        return Part(TVector.MultiplyAdd(n, -Ln2Low, TVector.MultiplyAdd(n, -Ln2High, x)));
    }

    /// <summary>2ⁿ(1 + part).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Scaled<TVector>(TVector part, TVector power)
        where TVector : struct, IFloatVector<TVector>
        => TVector.MultiplyAdd(power, part, power);

    /// <summary>e^(high + low) · <see cref="Raise"/>, a normal number, in fewer steps than <see cref="ExpRaised"/>; at most 1 ULP off.</summary>
    /// <param name="high">−131 to 43.</param>
    /// <param name="low">What the rounding of high lost, below 0.001 in magnitude.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector RaisedExp<TVector>(TVector high, TVector low)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector sum = TVector.MultiplyAdd(high, Log2E, Shift);
        TVector n = sum - Shift;
        TVector r = TVector.MultiplyAdd(n, -Ln2High, high) + TVector.MultiplyAdd(n, -Ln2Low, low);
        return Scaled(TVector.MultiplyAdd(r * r, ExpSeries(r), r), TVector.PowerOfSum(sum + 64f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Part<TVector>(TVector r)
        where TVector : struct, IFloatVector<TVector>
    {
        // (e^r − 1 − r) / r² for |r| ≤ 0.348; 4.5e-9 off once multiplied.
        TVector series = TVector.MultiplyAdd(r, 0.0013950879219919443f, 0.008369114249944687f);
        series = TVector.MultiplyAdd(series, r, 0.04166619852185249f);
        series = TVector.MultiplyAdd(series, r, 0.16666516661643982f);
        series = TVector.MultiplyAdd(series, r, 0.5f);
        return TVector.MultiplyAdd(r * r, series, r);
    }

    /// <summary>e^−2x = 2ⁿ(1 − 2·part): all in numbers below 0, whose sign its caller has the least work with.</summary>
    /// <param name="x">−55 to −1e-18.</param>
    /// <param name="sum"><see cref="Shift"/> + n.</param>
    /// <returns>The part, −0.21 to 0.15.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector NegativeHalfExpPart<TVector>(TVector x, out TVector sum)
        where TVector : struct, IFloatVector<TVector>
    {
        sum = TVector.MultiplyAdd(x, -2f * Log2E, Shift);
        TVector n = sum - Shift;

        // ln 2 in one part: its float32 is 1.9e-9 off, of which little is left where n is not 0, as tanh is flat there.
        TVector r = TVector.MultiplyAdd(n, 0.5f * Ln2, x);

        // −(e^−2r − 1 + 2r) / 2r² for |r| ≤ 0.174; 2.2e-9 off once multiplied. In two halves, as the steps of one vector wait for each other.
        TVector square = r * r;
        TVector high = TVector.MultiplyAdd(square, -0.04464292526245117f, TVector.MultiplyAdd(r, 0.13390615582466125f, -0.33332958817481995f));
        TVector series = TVector.MultiplyAdd(high, square, TVector.MultiplyAdd(r, 0.6666606664657593f, -1f));
        return TVector.MultiplyAdd(square, series, r);
    }

    /// <summary>1 / (1 + e^x), denormal results rounded once.</summary>
    /// <param name="x">−64 to 104, and 0 where it is less than 1e-18 in magnitude.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector OneOverOneAndExp<TVector>(TVector x)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector part = ExpPart(x, out TVector sum);
        if (!TVector.AnyLess(LastNormal, sum))
        {
            return (TVector)1f / OneAndExp(part, sum);
        }

        // From 2¹²⁶ on the result is some 2²³ units of 2⁻¹⁴⁹ or less, whose number is its bits.
        const float Bound = 101f;
        const float Units = (2f * Shift) + Bound + 149f;
        TVector quotient = (TVector)1f / OneAndExp(part, TVector.SelectLess(LastNormal, sum, Shift + Bound, sum));
        TVector units = quotient * TVector.PowerOfSum((TVector)Units - TVector.Larger(LastNormal, sum));
        return TVector.SelectLess(LastNormal, sum, TVector.Denormal(TVector.Round(units)), quotient);
    }

    /// <summary>numerator / (1 + e^x), denormal results rounded once.</summary>
    /// <param name="numerator">Below 0 where x is above 50, and then −1e30 at least.</param>
    /// <param name="x">−64 to 110, and 0 where it is less than 1e-18 in magnitude.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector OverOneAndExp<TVector>(TVector numerator, TVector x)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector part = ExpPart(x, out TVector sum);
        if (!TVector.AnyLess(LastNormal, sum))
        {
            return numerator / OneAndExp(part, sum);
        }

        const float Bound = 100f;
        const float Missing = (2f * Shift) + Bound + 64f;
        TVector quotient = numerator / OneAndExp(part, TVector.Smaller(Shift + Bound, sum));
        TVector raised = -quotient * TVector.PowerOfSum((TVector)Missing - TVector.Larger(Shift + Bound, sum));
        return TVector.SelectLess(Shift + Bound, sum, -LoweredByBits(raised), quotient);
    }

    // 1 + 2ⁿ(1 + part). What the first sum loses is added to what is small.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OneAndExp<TVector>(TVector part, TVector sum)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector power = TVector.PowerOfSum(sum);
        TVector whole = power + 1f;
        TVector lost = power - whole + 1f;
        return TVector.MultiplyAdd(power, part, lost) + whole;
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

    // 2⁻¹²⁶ raised.
    private const float LeastNormal = 1f / (1L << 62);

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
        => TVector.AnyLess(raised, LeastNormal) ? LoweredByBits(raised) : raised * Lower;

    /// <summary>The same where denormal results are likely.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector LoweredByBits<TVector>(TVector raised)
        where TVector : struct, IFloatVector<TVector>
    {
        // 2⁻⁶⁴ is 2⁸⁵ · 2⁻¹⁴⁹. What is too large for the one way is not taken of it.
        const float Units = Raise * (1 << 21);
        TVector denormal = TVector.Denormal(TVector.Round(raised * Units));
        TVector normal = TVector.Larger(LeastNormal, raised) * Lower;
        return TVector.SelectLess(raised, LeastNormal, denormal, normal);
    }

    /// <summary>A magnitude, or 0 where its square or what that lost in rounding could be denormal: for functions that are constant so near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector NotTiny<TVector>(TVector magnitude)
        where TVector : struct, IFloatVector<TVector>
        => TVector.SelectLess(magnitude, 1e-10f, 0f, magnitude);

    /// <summary>A number, or 0 where its square could be denormal: for functions that are constant so near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector NotTiny<TVector>(TVector magnitude, TVector x)
        where TVector : struct, IFloatVector<TVector>
        => TVector.SelectLess(magnitude, 1e-10f, 0f, x);

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
