using System.Numerics;

namespace EdgeInference.ModelConverter.Numerics;

/// <summary>
/// A real number in fixed point with <see cref="FractionBits"/> bits after the point and any number before it: what decides
/// where double precision is too close to a tie. Sums are exact; products, quotients and functions are rounded down and
/// are within a few units of the last bit.
/// </summary>
internal readonly struct BigReal : IComparable<BigReal>
{
    /// <summary>Bits after the point; the smallest float32 has its last bit at 149.</summary>
    internal const int FractionBits = 384;

    private static readonly BigInteger Unit = BigInteger.One << FractionBits;

    private readonly BigInteger bits;

    private BigReal(BigInteger bits) => this.bits = bits;

    internal static BigReal Zero => new(BigInteger.Zero);

    internal static BigReal One => new(Unit);

    /// <summary>ln 2 = Σ 1 / (n·2ⁿ).</summary>
    internal static BigReal Ln2 { get; } = MakeLn2();

    /// <summary>π = 16·arctan(1/5) − 4·arctan(1/239), Machin's formula.</summary>
    internal static BigReal Pi { get; } = (16 * ArctanOfInverse(5)) - (4 * ArctanOfInverse(239));

    internal bool IsNegative => bits.Sign < 0;

    internal bool IsZero => bits.IsZero;

    public static BigReal operator +(BigReal a, BigReal b) => new(a.bits + b.bits);

    public static BigReal operator -(BigReal a, BigReal b) => new(a.bits - b.bits);

    public static BigReal operator -(BigReal a) => new(-a.bits);

    public static BigReal operator *(BigReal a, BigReal b) => new((a.bits * b.bits) >> FractionBits);

    public static BigReal operator *(int a, BigReal b) => new(a * b.bits);

    public static BigReal operator /(BigReal a, BigReal b) => new(FloorDivide(a.bits << FractionBits, b.bits));

    public static BigReal operator /(BigReal a, int b) => new(FloorDivide(a.bits, b));

    public static bool operator <(BigReal a, BigReal b) => a.bits < b.bits;

    public static bool operator >(BigReal a, BigReal b) => a.bits > b.bits;

    public static bool operator <=(BigReal a, BigReal b) => a.bits <= b.bits;

    public static bool operator >=(BigReal a, BigReal b) => a.bits >= b.bits;

    /// <summary>The exact value of a finite double whose last bit is at 2^−384 or above.</summary>
    internal static BigReal Of(double value)
    {
        if (value == 0)
        {
            return Zero;
        }

        long raw = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((raw >> 52) & 0x7FF);
        long mantissa = raw & ((1L << 52) - 1);
        mantissa = exponent == 0 ? mantissa : mantissa | (1L << 52);
        int shift = Math.Max(exponent, 1) - 1075 + FractionBits;
        BigInteger magnitude = shift >= 0 ? (BigInteger)mantissa << shift : (BigInteger)mantissa >> -shift;
        return new BigReal(raw < 0 ? -magnitude : magnitude);
    }

    internal static BigReal Abs(BigReal a) => new(BigInteger.Abs(a.bits));

    internal static BigReal Max(BigReal a, BigReal b) => a > b ? a : b;

    internal static BigReal Min(BigReal a, BigReal b) => a < b ? a : b;

    /// <summary>√a for a ≥ 0, by Newton's method on integers.</summary>
    internal static BigReal Sqrt(BigReal a)
    {
        BigInteger square = a.bits << FractionBits;
        if (square.IsZero)
        {
            return Zero;
        }

        BigInteger root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (square / root)) >> 1;
            if (next >= root)
            {
                return new BigReal(root);
            }

            root = next;
        }
    }

    /// <summary>
    /// eˣ: x = k·ln 2 + r, and Taylor's series of e^(r/256), squared eight times. Never 0, so that a function that only tends
    /// to a bound never equals it.
    /// </summary>
    /// <exception cref="OverflowException">x is above 2³¹.</exception>
    internal static BigReal Exp(BigReal x)
    {
        const int Squarings = 8;
        BigInteger k = FloorDivide(x.bits, Ln2.bits);
        if (k < -FractionBits)
        {
            return new BigReal(BigInteger.One);
        }

        BigInteger r = (x.bits - (k * Ln2.bits)) >> Squarings;
        BigInteger sum = Unit;
        BigInteger term = Unit;
        for (int n = 1; !term.IsZero; n++)
        {
            term = ((term * r) >> FractionBits) / n;
            sum += term;
        }

        for (int i = 0; i < Squarings; i++)
        {
            sum = (sum * sum) >> FractionBits;
        }

        int shift = (int)k;
        BigInteger result = shift >= 0 ? sum << shift : sum >> -shift;
        return new BigReal(BigInteger.Max(result, BigInteger.One));
    }

    /// <summary>ln(1 + u) for 0 ≤ u ≤ 1 as 2·artanh(u / (2 + u)).</summary>
    internal static BigReal Log1p(BigReal u)
    {
        BigReal s = u / (One + One + u);
        BigReal square = s * s;
        BigReal power = s;
        BigReal sum = s;
        for (int n = 3; !power.IsZero; n += 2)
        {
            power *= square;
            sum += power / n;
        }

        return 2 * sum;
    }

    /// <summary>
    /// The normal distribution function Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/15 + …) (Abramowitz and Stegun 26.2.11). Below −21,
    /// where it is under 2^−318, the smallest number above 0; above 21 the largest below 1.
    /// </summary>
    internal static BigReal NormalDistribution(BigReal x)
    {
        BigReal limit = 21 * One;
        if (x > limit)
        {
            return One - new BigReal(BigInteger.One);
        }

        if (x < -limit)
        {
            return new BigReal(BigInteger.One);
        }

        BigReal square = x * x;
        BigReal magnitude = Abs(x);
        BigReal term = magnitude;
        BigReal sum = magnitude;
        for (int n = 3; !term.IsZero; n += 2)
        {
            term = term * square / n;
            sum += term;
        }

        BigReal half = One / 2;
        BigReal offset = Exp(-(square / 2)) * sum / Sqrt(2 * Pi);
        return x.IsNegative ? half - offset : half + offset;
    }

    /// <inheritdoc/>
    public int CompareTo(BigReal other) => bits.CompareTo(other.bits);

    private static BigReal MakeLn2()
    {
        BigInteger sum = BigInteger.Zero;
        for (int n = 1; n <= FractionBits; n++)
        {
            sum += (Unit >> n) / n;
        }

        return new BigReal(sum);
    }

    private static BigReal ArctanOfInverse(int n)
    {
        BigInteger power = Unit / n;
        BigInteger sum = power;
        for (int k = 3, sign = -1; !power.IsZero; k += 2, sign = -sign)
        {
            power /= n * n;
            sum += sign * power / k;
        }

        return new BigReal(sum);
    }

    private static BigInteger FloorDivide(BigInteger a, BigInteger b)
    {
        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger remainder);
        return !remainder.IsZero && (remainder.Sign < 0) != (b.Sign < 0) ? quotient - 1 : quotient;
    }
}
