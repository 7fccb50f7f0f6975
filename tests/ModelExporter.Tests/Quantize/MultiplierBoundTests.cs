using System.Numerics;
using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Requantization multipliers at the edges of their range, against exact arithmetic.</summary>
public class MultiplierBoundTests
{
    private const int OneHalf = 1 << 30;

    [Fact]
    public void A_value_just_below_a_power_of_two_becomes_that_power()
    {
        for (int power = -31; power < 30; power++)
        {
            double one = Math.ScaleB(1, power);
            Assert.Equal(new QuantizedMultiplier(OneHalf, power + 1), QuantizedMultiplier.From(one));
            Assert.Equal(new QuantizedMultiplier(OneHalf, power + 1), QuantizedMultiplier.From(Math.BitDecrement(one)));

            // 1 − 2⁻³² lies in the middle between the largest fraction and the next power.
            Assert.Equal(new QuantizedMultiplier(OneHalf, power + 1), QuantizedMultiplier.From(one * (1 - Math.ScaleB(1, -32))));
            Assert.Equal(new QuantizedMultiplier(int.MaxValue, power), QuantizedMultiplier.From(Math.BitDecrement(one * (1 - Math.ScaleB(1, -32)))));
        }
    }

    [Fact]
    public void The_ends_of_the_range_are_kept()
    {
        double smallest = Math.ScaleB(1, -32);
        Assert.Equal(new QuantizedMultiplier(OneHalf, -31), QuantizedMultiplier.From(smallest));
        Assert.Equal(new QuantizedMultiplier(OneHalf, -31), QuantizedMultiplier.From(Math.BitDecrement(smallest)));
        Assert.Equal(new QuantizedMultiplier(0, 0), QuantizedMultiplier.From(smallest * 0.9999));
        Assert.Equal(new QuantizedMultiplier(0, 0), QuantizedMultiplier.From(double.Epsilon));
        Assert.Equal(new QuantizedMultiplier(int.MaxValue, 30), QuantizedMultiplier.From(Math.BitDecrement(1 << 30)));
        Assert.Throws<ArgumentOutOfRangeException>(() => QuantizedMultiplier.From(1 << 30));
        Assert.Throws<ArgumentOutOfRangeException>(() => QuantizedMultiplier.From(-double.Epsilon));
        Assert.Throws<ArgumentOutOfRangeException>(() => QuantizedMultiplier.From(double.PositiveInfinity));
    }

    [Fact]
    public void Every_multiplier_is_the_nearest_one_and_ties_go_up()
    {
        var random = new Random(17);
        for (int i = 0; i < 20_000; i++)
        {
            double real = Math.ScaleB(1 + random.NextDouble(), random.Next(-31, 29));

            // Every other value a tie: an odd number of halves of the fraction's last bit.
            real = i % 2 == 0 ? real : Math.ScaleB((2 * random.NextInt64(1L << 30, (1L << 31) - 1)) + 1, random.Next(-63, -3));
            QuantizedMultiplier actual = QuantizedMultiplier.From(real);
            Assert.InRange(actual.Multiplier, OneHalf, int.MaxValue);
            Assert.InRange(actual.Shift, -31, 30);
            Assert.Equal(Nearest(real), actual.Multiplier * BigInteger.Pow(2, actual.Shift + 64));
            Assert.Equal(Math.ScaleB((double)actual.Multiplier, actual.Shift - 31), actual.Real);
            Assert.InRange(Math.Abs(actual.Real - real) / real, 0, Math.ScaleB(1, -31));
        }
    }

    // The product with 2⁶⁴ · 2³¹ of the nearest number with 31 bits: the mantissa of a double is an integer of 53.
    private static BigInteger Nearest(double real)
    {
        long bits = BitConverter.DoubleToInt64Bits(real);
        BigInteger mantissa = (bits & ((1L << 52) - 1)) | (1L << 52);
        int exponent = (int)(bits >> 52) - 1075;
        BigInteger rounded = (mantissa + (BigInteger.One << 21)) >> 22;
        return rounded << (22 + exponent + 64 + 31);
    }
}
