using System.Globalization;
using System.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>
/// One feature's way from a count to the quantized input as integer code: (count · multiplier + constant) &gt;&gt; shift between two
/// counts, beyond which the result is the lowest or the highest value.
/// </summary>
/// <remarks>
/// Quantize makes round(((count + O) · S − offset) / scale) + zero point of it, a line in the count. The line is worked out exactly,
/// in fractions, and rounded to fixed point at the lowest count that does not saturate, so that the error of the multiplier grows
/// over those counts only: at most 65,536 steps · 2⁻³⁰ or 2³² counts · 2⁻⁴⁵, both below 2⁻¹² of a step. Of the 64-bit sum the product
/// takes 2⁶¹ at most (count 2³¹, multiplier 2³⁰), the constant 2⁶¹ for the count it is taken at, 2⁶¹ for the value there and
/// 1.5 · 2⁶⁰ for zero point and rounding, below 2⁶³ together: no count overflows it.
/// </remarks>
internal sealed class CountCode
{
    private const int MultiplierBits = 30;
    private const int ValueBits = 61;

    // A saturated result is right this far, in 1 / 2048 of a step, from where it begins, and the error above is less.
    private const int MarginShare = 2048;

    private readonly BigInteger slope;
    private readonly BigInteger intercept;
    private readonly BigInteger denominator;
    private readonly int zeroPoint;
    private readonly ValueRange limits;

    private CountCode(BigInteger slope, BigInteger intercept, BigInteger denominator, int zeroPoint, ValueRange limits)
    {
        this.slope = slope;
        this.intercept = intercept;
        this.denominator = denominator;
        this.zeroPoint = zeroPoint;
        this.limits = limits;
    }

    /// <summary>The code of one feature.</summary>
    /// <param name="scale">Real units of a count; finite, not 0.</param>
    /// <param name="offset">Added to a count; finite.</param>
    /// <param name="inputOffset">What Quantize takes away; finite.</param>
    /// <param name="inputScale">What Quantize divides by; finite, not 0.</param>
    /// <param name="zeroPoint">Zero point of the quantized input.</param>
    /// <param name="limits">Lowest and highest value of its type.</param>
    internal static CountCode Of(double scale, double offset, float inputOffset, float inputScale, int zeroPoint, ValueRange limits)
    {
        (BigInteger s, BigInteger sd) = Fraction(scale);
        (BigInteger o, BigInteger od) = Fraction(offset);
        (BigInteger f, BigInteger fd) = Fraction(inputOffset);
        (BigInteger t, BigInteger td) = Fraction(inputScale);
        BigInteger denominator = sd * od * fd * t;
        BigInteger slope = s * td * od * fd;
        BigInteger intercept = ((o * s * fd) - (f * od * sd)) * td;
        return denominator.Sign < 0
            ? new CountCode(-slope, -intercept, -denominator, zeroPoint, limits)
            : new CountCode(slope, intercept, denominator, zeroPoint, limits);
    }

    /// <summary>Adds the statement that stores one element.</summary>
    internal void Write(EmitContext context, TensorInfo output, int index)
    {
        BigInteger first = DivideUp(Margin(slope.Sign > 0 ? limits.Low : limits.High, slope.Sign > 0 ? -1 : 1), 2 * MarginShare * slope);
        BigInteger last = DivideDown(Margin(slope.Sign > 0 ? limits.High : limits.Low, slope.Sign > 0 ? 1 : -1), 2 * MarginShare * slope);
        int below = slope.Sign > 0 ? limits.Low : limits.High;
        int above = slope.Sign > 0 ? limits.High : limits.Low;
        if (first > int.MaxValue || last < int.MinValue)
        {
            context.Write(output, index, Literal.Of(first > int.MaxValue ? below : above), 1, 5);
            return;
        }

        context.Add($"{context.Declare("int", "c")}c = input[{index}];", 4, 8);
        if (first > last)
        {
            context.Write(output, index, string.Create(CultureInfo.InvariantCulture, $"c < {first} ? {below} : {above}"), 4, 20);
            return;
        }

        string guard = first > int.MinValue ? string.Create(CultureInfo.InvariantCulture, $"c < {first} ? {below} : ") : "";
        guard += last < int.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"c > {last} ? {above} : ") : "";
        context.Write(output, index, guard + Line(context, BigInteger.Max(first, int.MinValue), BigInteger.Min(last, int.MaxValue)), 13, 60);
    }

    // The statement of t, where there is one, is added to the method.
    private string Line(EmitContext context, BigInteger first, BigInteger last)
    {
        int shift = ValueBits - (int)BigInteger.Log2(limits.High - limits.Low + 2) - 1;
        while (first < last && BigInteger.Abs(slope) << shift > denominator << MultiplierBits)
        {
            shift--;
        }

        BigInteger multiplier = first < last ? Round(slope << shift) : 0;
        BigInteger value = Round(((slope * first) + intercept) << shift);
        BigInteger constant = value - (first * multiplier);
        BigInteger half = BigInteger.One << (shift - 1);
        BigInteger zero = (BigInteger)zeroPoint << shift;

        // Ties go away from zero. A line that fixed point does not hold exactly has none to speak of.
        BigInteger end = value + ((last - first) * multiplier);
        bool isExact = multiplier * denominator == slope << shift && value * denominator == ((slope * first) + intercept) << shift;
        bool hasTies = first < last && isExact && (!(slope % denominator).IsZero || !(intercept % denominator).IsZero);
        bool isNegative = BigInteger.Max(value, end).Sign < 0;
        if (hasTies && !isNegative && BigInteger.Min(value, end) <= -half)
        {
            context.Add($"{context.Declare("long", "t")}t = (c * {Literal.Of((long)multiplier)}) + {Literal.Of((long)constant)};", 6, 20);
            return string.Create(CultureInfo.InvariantCulture, $"(int)((t + (t >> 63) + {Literal.Of((long)(half + zero))}) >> {shift})");
        }

        constant += half + zero - (hasTies && isNegative ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"(int)(((c * {Literal.Of((long)multiplier)}) + {Literal.Of((long)constant)}) >> {shift})");
    }

    // Where a result saturates, half a step beyond the limit and the margin short of it, as a numerator over 2 · MarginShare · slope.
    private BigInteger Margin(int limit, int side) =>
        ((((2 * ((BigInteger)limit - zeroPoint)) + side) * MarginShare) - (2 * side)) * denominator - (2 * MarginShare * intercept);

    private BigInteger Round(BigInteger numerator) => DivideDown((2 * numerator) + denominator, 2 * denominator);

    private static BigInteger DivideDown(BigInteger a, BigInteger b)
    {
        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger rest);
        return !rest.IsZero && rest.Sign != b.Sign ? quotient - 1 : quotient;
    }

    private static BigInteger DivideUp(BigInteger a, BigInteger b) => -DivideDown(-a, b);

    /// <summary>A finite number as a fraction.</summary>
    internal static (BigInteger Numerator, BigInteger Denominator) Fraction(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0L : 1L << 52);
        mantissa = bits < 0 ? -mantissa : mantissa;
        int power = Math.Max(exponent, 1) - 1075;
        return power >= 0 ? (mantissa << power, BigInteger.One) : (mantissa, BigInteger.One << -power);
    }
}
