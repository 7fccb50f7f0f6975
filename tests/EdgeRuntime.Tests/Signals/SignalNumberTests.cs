using System.Numerics;
using EdgeInference.ModelFormat.Signals;

namespace EdgeInference.Runtime.Tests.Signals;

/// <summary>What pipelines compute with: nearest float32 values, cosines and logarithms from integers, counts.</summary>
public class SignalNumberTests
{
    [Fact]
    public void A_ratio_is_the_nearest_float32_with_ties_to_even()
    {
        var random = new Random(1);
        var cases = new List<(long Numerator, long Denominator)>
        {
            (0, 1), (1, 1), (-1, 3), (1, (1L << 46) - 1), (long.MaxValue, 1), (long.MaxValue, 3), ((1L << 24) + 1, 1), ((1L << 24) + 3, 1), ((1L << 25) + 2, 2), ((1L << 25) - 1, 1), ((1L << 25) - 1, 1L << 20),
        };
        for (int i = 0; i < 20_000; i++)
        {
            long denominator = 1 + random.NextInt64(1L << random.Next(1, 46));
            cases.Add((random.NextInt64(1L << random.Next(1, 63)) * (random.Next(2) == 0 ? 1 : -1), denominator));
            cases.Add((denominator * ((1L << 24) + random.Next(1 << 16)) / (1 + random.Next(3)), Math.Min(denominator, 1L << 20)));
        }

        foreach ((long numerator, long denominator) in cases)
        {
            int exponent = random.Next(-60, 61);
            float actual = RoundedFloat.Ratio(numerator, denominator, exponent);
            Assert.True(IsNearest(actual, new BigInteger(numerator), new BigInteger(denominator), exponent, power: 1), $"{numerator} / {denominator} · 2^{exponent} is not {actual:R}");
        }
    }

    [Fact]
    public void A_root_is_the_nearest_float32()
    {
        var random = new Random(2);
        var cases = new List<(long Numerator, int Denominator)> { (0, 5), (1, 1), (4, 1), (2, 1), (1, 16384), (1L << 44, 1), ((1L << 44) - 1, 1) };

        // Squares of 25 bits are ties.
        cases.AddRange(Enumerable.Range(0, 50).Select(i => ((long)((1 << 22) + (2 * i) + 1) * ((1 << 22) + (2 * i) + 1), 4)));
        cases.AddRange(Enumerable.Range(0, 20_000).Select(_ => (random.NextInt64(1L << random.Next(1, 45)), 1 + random.Next(16384))));
        foreach ((long numerator, int denominator) in cases)
        {
            float actual = RoundedFloat.Root(numerator, denominator);
            Assert.True(IsNearest(actual, numerator, denominator, 0, power: 2), $"√({numerator} / {denominator}) is not {actual:R}");
        }
    }

    [Fact]
    public void Cosines_are_within_half_of_their_last_place()
    {
        foreach (int count in (int[])[.. Enumerable.Range(1, 300), 512, 1000, 1024, 4095, 8192, 16383, 16384])
        {
            for (int index = 0; 2 * index <= count; index++)
            {
                double exact = Math.Cos(2 * Math.PI * index / count) * (1 << 30);
                Assert.InRange(Turns.Cosine(index, count) - exact, -0.500001, 0.500001);
            }
        }

        // Exact where the table must be: a quarter of a turn, an eighth and the ends.
        Assert.Equal((1 << 30, 0, -(1 << 30), 759250125), (Turns.Cosine(0, 8), Turns.Cosine(2, 8), Turns.Cosine(4, 8), Turns.Cosine(1, 8)));
    }

    [Fact]
    public void Logarithms_are_within_their_bound()
    {
        var random = new Random(3);
        for (int i = 0; i < 50_000; i++)
        {
            int mantissa = i % 100 == 0 ? 0 : (1 << 23) + random.Next((1 << 23) + 1);
            int exponent = random.Next(-80, 9);
            double exact = Math.Log2(1 + (mantissa * Math.Pow(2, exponent)));
            Assert.InRange((FixedLogarithm.OfOnePlus(mantissa, exponent) / 65536.0) - exact, -Math.Pow(2, -17) - Math.Pow(2, -19), Math.Pow(2, -17) + Math.Pow(2, -19));
        }

        Assert.Equal((0, 65536, 2 * 65536), (FixedLogarithm.OfOnePlus(0, 0), FixedLogarithm.OfOnePlus(1 << 23, -23), FixedLogarithm.OfOnePlus(3 << 22, -22)));
    }

    [Theory]
    [InlineData(0.5f, 1f, 0)]
    [InlineData(1.5f, 1f, 2)]
    [InlineData(2.5f, 1f, 2)]
    [InlineData(-0.5f, 1f, 0)]
    [InlineData(-1.5f, 1f, -2)]
    [InlineData(-2.5f, 1f, -2)]
    [InlineData(2.5000002f, 1f, 3)]
    [InlineData(-2.5000002f, 1f, -3)]
    [InlineData(1f, 0.001f, 1000)]
    [InlineData(32767.4f, 1f, 32767)]
    [InlineData(32767.6f, 1f, 32767)]
    [InlineData(-32768.4f, 1f, -32768)]
    [InlineData(-32769f, 1f, -32768)]
    [InlineData(float.MaxValue, float.Epsilon, 32767)]
    [InlineData(float.PositiveInfinity, 1f, 32767)]
    [InlineData(float.NegativeInfinity, 1f, -32768)]
    public void A_value_is_the_nearest_count(float value, float size, short expected) => Assert.Equal(expected, SampleCounts.Of(value, size));

    [Fact]
    public void A_value_that_is_no_number_is_no_count() =>
        Assert.Contains("not a number", Assert.Throws<ArgumentException>(() => SampleCounts.Of(float.NaN, 1f)).Message, StringComparison.Ordinal);

    // Whether no neighbour of the value is nearer to the root, of some power, of numerator / denominator · 2^exponent, and none as near that is even.
    private static bool IsNearest(float actual, BigInteger numerator, BigInteger denominator, int exponent, int power)
    {
        if (numerator.IsZero)
        {
            return actual == 0;
        }

        (numerator, denominator) = exponent >= 0 ? (numerator << exponent, denominator) : (numerator, denominator << -exponent);
        if (numerator.Sign != MathF.Sign(actual))
        {
            return false;
        }

        numerator = BigInteger.Abs(numerator);
        float value = MathF.Abs(actual);
        bool isEven = (BitConverter.SingleToInt32Bits(value) & 1) == 0;
        int above = Against((value + (double)MathF.BitIncrement(value)) / 2);
        int below = Against((value + (double)MathF.BitDecrement(value)) / 2);
        return (above < 0 || (above == 0 && isEven)) && (below > 0 || (below == 0 && isEven));

        // The exact value against a middle, which a double holds.
        int Against(double middle)
        {
            long bits = BitConverter.DoubleToInt64Bits(middle);
            int scale = (int)((bits >> 52) & 2047) - 1075;
            BigInteger mantissa = BigInteger.Pow((bits & ((1L << 52) - 1)) | (1L << 52), power);
            BigInteger left = numerator;
            BigInteger right = mantissa * denominator;
            return scale * power >= 0 ? left.CompareTo(right << (scale * power)) : (left << (-scale * power)).CompareTo(right);
        }
    }
}
