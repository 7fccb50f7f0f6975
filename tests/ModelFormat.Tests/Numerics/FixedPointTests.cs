using System.Numerics;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Tests.Numerics;

/// <summary>Each step against its definition in whole numbers of any size.</summary>
public class FixedPointTests
{
    private static readonly int[] edges =
    [
        int.MinValue, int.MinValue + 1, -(1 << 30) - 1, -(1 << 30), -(1 << 30) + 1, -65537, -65536, -65535, -3, -2, -1, 0, 1, 2, 3, 127, 128, 255, 32767, 32768, 65535, 65536,
        (1 << 29) - 1, 1 << 29, (1 << 30) - 1, 1 << 30, (1 << 30) + 1, int.MaxValue - 1, int.MaxValue,
    ];

    /// <summary>Edges, and numbers of every size from a fixed seed.</summary>
    public static IEnumerable<int> Numbers
    {
        get
        {
            var random = new Random(3);
            return [.. edges, .. Enumerable.Range(0, 300).Select(i => random.Next(int.MinValue, int.MaxValue) >> (i % 31))];
        }
    }

    [Fact]
    public void A_high_product_is_rounded_to_nearest_with_ties_up()
    {
        foreach (int a in Numbers)
        {
            foreach (int b in Numbers)
            {
                Assert.Equal(HighProduct(a, b), FixedPoint.SaturatingRoundingDoublingHighMul(a, b));
            }
        }
    }

    [Theory]
    [InlineData(int.MinValue, int.MinValue, int.MaxValue)]
    [InlineData(int.MinValue, int.MaxValue, -2147483647)]
    [InlineData(int.MaxValue, int.MaxValue, 2147483646)]
    [InlineData(1, 1 << 30, 1)]
    [InlineData(-1, 1 << 30, 0)]
    [InlineData(3, 1 << 30, 2)]
    [InlineData(-3, 1 << 30, -1)]
    [InlineData(1, (1 << 30) - 1, 0)]
    public void High_products_that_were_worked_by_hand(int a, int b, int expected) => Assert.Equal(expected, FixedPoint.SaturatingRoundingDoublingHighMul(a, b));

    [Fact]
    public void A_quotient_is_rounded_to_nearest_with_ties_away_from_zero()
    {
        for (int exponent = 0; exponent <= 31; exponent++)
        {
            foreach (int x in Numbers)
            {
                Assert.Equal(Quotient(x, exponent), FixedPoint.RoundingDivideByPowerOfTwo(x, exponent));
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(-1, 1, -1)]
    [InlineData(3, 1, 2)]
    [InlineData(-3, 1, -2)]
    [InlineData(5, 2, 1)]
    [InlineData(6, 2, 2)]
    [InlineData(-6, 2, -2)]
    [InlineData(-5, 2, -1)]
    [InlineData(int.MinValue, 31, -1)]
    [InlineData(int.MinValue, 0, int.MinValue)]
    [InlineData(int.MaxValue, 31, 1)]
    [InlineData(1 << 30, 31, 1)]
    [InlineData((1 << 30) - 1, 31, 0)]
    public void Quotients_that_were_worked_by_hand(int x, int exponent, int expected) => Assert.Equal(expected, FixedPoint.RoundingDivideByPowerOfTwo(x, exponent));

    [Fact]
    public void A_requantization_rounds_twice()
    {
        foreach (int multiplier in new[] { 0, 1, 1 << 29, 1 << 30, 1_500_000_000, int.MaxValue })
        {
            for (int shift = -31; shift <= 30; shift++)
            {
                foreach (int x in Numbers)
                {
                    int shifted = Saturate((BigInteger)x * BigInteger.Pow(2, Math.Max(shift, 0)));
                    int expected = Quotient(HighProduct(shifted, multiplier), Math.Max(-shift, 0));
                    Assert.Equal(expected, FixedPoint.Requantize(x, multiplier, shift));
                }
            }
        }
    }

    [Theory]
    [InlineData(3, 1 << 30, 0, 2)]
    [InlineData(3, 1 << 30, 1, 3)]
    [InlineData(-3, 1 << 30, 0, -1)]
    [InlineData(5, 1 << 30, -1, 2)]
    [InlineData(-10, 1 << 30, -1, -3)]
    [InlineData(2, int.MaxValue, 30, int.MaxValue - 1)]
    [InlineData(3, 1 << 30, 30, 1 << 30)]
    [InlineData(-3, int.MaxValue, 30, -int.MaxValue)]
    [InlineData(1, 1 << 30, 30, 1 << 29)]
    public void Requantizations_that_were_worked_by_hand(int x, int multiplier, int shift, int expected) => Assert.Equal(expected, FixedPoint.Requantize(x, multiplier, shift));

    [Fact]
    public void A_wide_requantization_cuts_the_multiplier_and_rounds_once_with_ties_up()
    {
        long limit = (1L << 47) - 1;
        var random = new Random(4);
        long[] sums = [-limit, -limit + 1, -(1L << 40), -3, -2, -1, 0, 1, 2, 3, 1L << 31, 1L << 40, limit - 1, limit, .. Enumerable.Range(0, 200).Select(i => random.NextInt64(-limit, limit) >> (i % 47))];
        foreach (int multiplier in new[] { 0, 1, 0x7FFF, 0x8000, 0x17FFF, 0x18000, 1 << 30, (1 << 30) + 0x7FFF, (1 << 30) + 0x8000, 0x7FFE7FFF, 0x7FFE8000, 0x7FFEFFFF, 0x7FFF0000, int.MaxValue })
        {
            BigInteger reduced = BigInteger.Min(Floor(multiplier + (BigInteger)32768, 65536), 32767);
            for (int shift = -31; shift <= 7; shift++)
            {
                BigInteger power = BigInteger.Pow(2, 15 - shift);
                foreach (long x in sums)
                {
                    BigInteger exact = Floor((2 * x * reduced) + power, 2 * power);
                    Assert.Equal(Saturate(exact), FixedPoint.Requantize(x, multiplier, shift));
                }
            }
        }
    }

    [Theory]
    [InlineData(-128, 16_647_160)]
    [InlineData(-32768, 65_534)]
    public void A_mean_in_int32_leaves_room_for_its_rounding(int lowest, int most)
    {
        Assert.Equal(most, FixedPoint.MostOfMean(lowest));
        Assert.InRange(((long)most * lowest) - (most / 2), int.MinValue, int.MaxValue);
    }

    private static int Saturate(BigInteger value) => (int)BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, value));

    internal static int HighProduct(int a, int b) => (int)BigInteger.Min(int.MaxValue, Floor((4 * (BigInteger)a * b) + BigInteger.Pow(2, 32), BigInteger.Pow(2, 33)));

    internal static int Quotient(int x, int exponent)
    {
        BigInteger power = BigInteger.Pow(2, exponent);
        return (int)(x < 0 ? -(((-2 * (BigInteger)x) + power) / (2 * power)) : ((2 * (BigInteger)x) + power) / (2 * power));
    }

    private static BigInteger Floor(BigInteger numerator, BigInteger denominator)
    {
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}
