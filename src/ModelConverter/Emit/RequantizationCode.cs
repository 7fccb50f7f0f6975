using System.Numerics;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>
/// FixedPoint.Requantize for one unit as an expression, with everything that is known beforehand folded into constants:
/// the lane's offset, bias, both roundings and the zero point.
/// </summary>
/// <remarks>
/// With r = floor((sum · m + 2³⁰) / 2³¹) and n = −shift above 0, the result is floor((r + 2ⁿ⁻¹ − (r &lt; 0)) / 2ⁿ), ties away
/// from zero. Floors nest, so it is floor((sum · m + 2³⁰ + 2³¹ (2ⁿ⁻¹ − (r &lt; 0))) / 2³¹⁺ⁿ): one multiplication, one addition
/// and one shift where the sign of r is known or does not matter.
/// </remarks>
internal sealed class RequantizationCode
{
    // Below this, C# writes a long constant as an int and a conversion: two instructions for one.
    private static readonly BigInteger ShortLimit = BigInteger.One << 32;
    private static readonly BigInteger LongLimit = BigInteger.One << 63;

    private RequantizationCode(bool isProven, bool needsSign, BigInteger multiplier, BigInteger constant, int shift, long low, long high)
    {
        IsProven = isProven;
        NeedsSign = needsSign;
        Multiplier = multiplier;
        Constant = constant;
        Shift = shift;
        Low = low;
        High = high;
    }

    /// <summary>Whether the short form is exact over the lane's whole range; else the general form must be used.</summary>
    internal bool IsProven { get; }

    /// <summary>Whether 2³¹ must be taken away (times the spare bits) where the product is negative.</summary>
    internal bool NeedsSign { get; }

    /// <summary>Multiplier of the lane's value.</summary>
    internal BigInteger Multiplier { get; }

    /// <summary>Added to the product; without the parts that follow the sign correction where there is one.</summary>
    internal BigInteger Constant { get; }

    /// <summary>Added after the sign correction.</summary>
    internal BigInteger AfterSign { get; private init; }

    /// <summary>What is taken away where the product is negative.</summary>
    internal BigInteger SignStep { get; private init; }

    /// <summary>Arithmetic shift to the right, last of all.</summary>
    internal int Shift { get; }

    /// <summary>Lowest result, zero point included.</summary>
    internal long Low { get; }

    /// <summary>Highest result, zero point included.</summary>
    internal long High { get; }

    /// <summary>Works out the form for one unit.</summary>
    /// <param name="lane">The unit's lane.</param>
    /// <param name="bias">Bias, with the input's zero point folded in.</param>
    /// <param name="multiplier">Q0.31 multiplier, 0 or more.</param>
    /// <param name="shift">Shift, −31 to 30.</param>
    /// <param name="zeroPoint">Added to the result.</param>
    /// <param name="min">Clamp that follows: results at or below it are alike.</param>
    /// <param name="tableLow">What a result is counted from, when it is an index into a table.</param>
    internal static RequantizationCode Make(Lane lane, int bias, int multiplier, int shift, int zeroPoint, int min, long tableLow = 0)
    {
        BigInteger low = lane.Low + (BigInteger)bias;
        BigInteger high = lane.High + (BigInteger)bias;
        if (low < int.MinValue || high > int.MaxValue || shift > 0 || multiplier == 0)
        {
            return Unproven();
        }

        int n = -shift;
        BigInteger one = BigInteger.One << 31;
        BigInteger constant = (low * multiplier) + (1L << 30);
        BigInteger lowest = constant >> 31;
        BigInteger highest = ((high * multiplier) + (1L << 30)) >> 31;
        BigInteger half = n == 0 ? 0 : BigInteger.One << (n - 1);
        bool signMatters = n > 0 && lowest < 0 && min < zeroPoint;
        bool needsSign = signMatters && highest >= 0;
        BigInteger rounding = (half - (signMatters && !needsSign ? 1 : 0)) << 31;
        BigInteger offset = rounding + ((zeroPoint - tableLow) * (BigInteger.One << (31 + n)));

        // A few spare bits make the constants long ones.
        int extra = 0;
        BigInteger span = BigInteger.Max(BigInteger.Abs(constant) + BigInteger.Abs(offset), (lane.Span * (BigInteger)multiplier) + BigInteger.Abs(constant) + BigInteger.Abs(offset) + one);
        while (extra < 8 && ((BigInteger)multiplier << extra) < ShortLimit && (span << (extra + 1)) < LongLimit)
        {
            extra++;
        }

        if ((span << extra) >= LongLimit)
        {
            return Unproven();
        }

        return new RequantizationCode(
            true,
            needsSign,
            (BigInteger)multiplier << extra,
            (needsSign ? constant : constant + offset) << extra,
            31 + n + extra,
            (long)Result(lowest, n, half, signMatters) + zeroPoint,
            (long)Result(highest, n, half, signMatters) + zeroPoint)
        {
            AfterSign = offset << extra,
            SignStep = one << extra,
        };
    }

    /// <summary>Works out the form with its parts apart: what follows the sign is never folded into the constant, and the sign step is 0 where the sign does not matter.</summary>
    /// <param name="lane">The unit's lane.</param>
    /// <param name="bias">Bias, with the input's zero point folded in.</param>
    /// <param name="multiplier">Q0.31 multiplier, 0 or more.</param>
    /// <param name="shift">Shift, −31 to 30.</param>
    /// <param name="zeroPoint">Added to the result.</param>
    /// <param name="min">Clamp that follows: results at or below it are alike.</param>
    internal static RequantizationCode MakeSigned(Lane lane, int bias, int multiplier, int shift, int zeroPoint, int min)
    {
        BigInteger low = lane.Low + (BigInteger)bias;
        BigInteger high = lane.High + (BigInteger)bias;
        if (low < int.MinValue || high > int.MaxValue || shift > 0)
        {
            return Unproven();
        }

        int n = -shift;
        BigInteger constant = (low * multiplier) + (1L << 30);
        BigInteger lowest = constant >> 31;
        BigInteger highest = ((high * multiplier) + (1L << 30)) >> 31;
        BigInteger half = n == 0 ? 0 : BigInteger.One << (n - 1);
        bool signMatters = n > 0 && lowest < 0 && min < zeroPoint;
        return new RequantizationCode(true, signMatters, multiplier, constant, 31 + n, (long)Result(lowest, n, half, signMatters) + zeroPoint, (long)Result(highest, n, half, signMatters) + zeroPoint)
        {
            AfterSign = (half << 31) + (zeroPoint * (BigInteger.One << (31 + n))),
            SignStep = signMatters ? BigInteger.One << 31 : 0,
        };
    }

    /// <summary>Works out the form for one unit of an int16 layer, whose product is rounded once, ties up: one multiplication, one addition, one shift.</summary>
    /// <param name="lane">The unit's lane.</param>
    /// <param name="bias">Bias.</param>
    /// <param name="multiplier">Q0.31 multiplier, 0 or more.</param>
    /// <param name="shift">Shift, −31 to 7.</param>
    /// <param name="zeroPoint">Added to the result.</param>
    /// <param name="tableLow">What a result is counted from, when it is an index into a table.</param>
    internal static RequantizationCode MakeInt64(Lane lane, long bias, int multiplier, int shift, int zeroPoint, long tableLow = 0)
    {
        (int reduced, int total) = Reduced(multiplier, shift);
        BigInteger half = BigInteger.One << (total - 1);
        BigInteger constant = ((lane.Low + (BigInteger)bias) * reduced) + half;
        BigInteger low = (constant >> total) + zeroPoint;
        BigInteger high = ((constant + ((BigInteger)lane.Span * reduced)) >> total) + zeroPoint;
        BigInteger offset = constant + ((zeroPoint - (BigInteger)tableLow) << total);
        BigInteger span = ((BigInteger)lane.Span * reduced) + BigInteger.Abs(constant) + BigInteger.Abs(offset);

        // The engines cut the result to int32 before they add the zero point.
        if (low - zeroPoint < int.MinValue || high - zeroPoint > int.MaxValue || low < int.MinValue || high > int.MaxValue || span >= LongLimit)
        {
            return Unproven();
        }

        // A few spare bits make the multiplier a long one.
        int extra = 0;
        while (extra < 18 && total + extra < 63 && reduced > 0 && ((BigInteger)reduced << extra) < ShortLimit && (span << (extra + 1)) < LongLimit)
        {
            extra++;
        }

        // Short of that they would only make the constants longer.
        extra = ((BigInteger)reduced << extra) < ShortLimit ? 0 : extra;
        return new RequantizationCode(true, false, (BigInteger)reduced << extra, offset << extra, total + extra, (long)low, (long)high);
    }

    /// <summary>The 16-bit multiplier and the shift that FixedPoint.Requantize makes of those of a file for 64-bit sums.</summary>
    internal static (int Multiplier, int Shift) Reduced(int multiplier, int shift) =>
        (multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF, 15 - shift);

    private static BigInteger Result(BigInteger r, int n, BigInteger half, bool sign) => (r + half - (sign && r < 0 ? 1 : 0)) >> n;

    private static RequantizationCode Unproven() => new(false, false, 0, 0, 0, 0, 0);
}
