using EdgeInference.Runtime.Activations;

namespace EdgeInference.Runtime.Tests;

public class PortableMathTests
{
    [Fact]
    public void Exp_is_within_an_ULP_of_the_systems()
    {
        for (double x = -745; x < 709.7; x += 0.00737)
        {
            AssertWithinUlps(Math.Exp(x), PortableMath.Exp(x), 1);
        }
    }

    [Fact]
    public void Exp_near_0_is_within_an_ULP_of_the_systems()
    {
        for (double x = 1; x > 1e-20; x *= 0.99)
        {
            AssertWithinUlps(Math.Exp(x), PortableMath.Exp(x), 1);
            AssertWithinUlps(Math.Exp(-x), PortableMath.Exp(-x), 1);
        }
    }

    [Fact]
    public void Log_is_within_an_ULP_of_the_systems()
    {
        for (double x = double.Epsilon; x < double.MaxValue / 1.02; x *= 1.0013)
        {
            AssertWithinUlps(Math.Log(x), PortableMath.Log(x), 1);
            x = Math.BitIncrement(x);
        }
    }

    [Fact]
    public void Log_near_1_is_within_an_ULP_of_the_systems()
    {
        for (double d = 0.5; d > 1e-16; d *= 0.99)
        {
            AssertWithinUlps(Math.Log(1 + d), PortableMath.Log(1 + d), 1);
            AssertWithinUlps(Math.Log(1 - d), PortableMath.Log(1 - d), 1);
        }
    }

    [Fact]
    public void Special_values_are_defined()
    {
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(710));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(double.PositiveInfinity));
        Assert.Equal(0, PortableMath.Exp(-746));
        Assert.Equal(0, PortableMath.Exp(double.NegativeInfinity));
        Assert.Equal(double.NaN, PortableMath.Exp(double.NaN));
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(double.NegativeInfinity, PortableMath.Log(0));
        Assert.Equal(double.NaN, PortableMath.Log(-1));
        Assert.Equal(double.NaN, PortableMath.Log(double.NaN));
        Assert.Equal(double.PositiveInfinity, PortableMath.Log(double.PositiveInfinity));
        Assert.Equal(0, PortableMath.Log(1));
    }

    // Math's own results are not all correctly rounded, so that an ULP is what can be asked.
    private static void AssertWithinUlps(double expected, double actual, long ulps)
    {
        long difference = Math.Abs(BitConverter.DoubleToInt64Bits(expected) - BitConverter.DoubleToInt64Bits(actual));
        Assert.True(difference <= ulps, $"expected {expected:R}, was {actual:R}: {difference} ULP");
    }
}
