using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Tests;

public class FloatFunctionsTests
{
    [Fact]
    public void Exp_is_within_two_ULP()
    {
        for (float x = -87.33f; x < 88.72f; x += 0.00037f)
        {
            AssertWithinUlps(Math.Exp(x), FloatFunctions.Exp(x), 2, x);
        }
    }

    [Fact]
    public void Log_is_within_two_ULP()
    {
        for (float x = 1.2e-38f; x < 1e38f; x *= 1.00037f)
        {
            AssertWithinUlps(Math.Log(x), FloatFunctions.Log(x), 2, x);
        }

        for (float d = 0.4f; d > 1e-7f; d *= 0.997f)
        {
            AssertWithinUlps(Math.Log(1f + d), FloatFunctions.Log(1f + d), 2, 1f + d);
            AssertWithinUlps(Math.Log(1f - d), FloatFunctions.Log(1f - d), 2, 1f - d);
        }
    }

    [Fact]
    public void Special_values_are_defined()
    {
        Assert.Equal(1f, FloatFunctions.Exp(0f));
        Assert.Equal(0f, FloatFunctions.Exp(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, FloatFunctions.Exp(float.PositiveInfinity));
        Assert.Equal(float.NaN, FloatFunctions.Exp(float.NaN));
        Assert.Equal(0f, FloatFunctions.Log(1f));
        Assert.Equal(float.NaN, FloatFunctions.Log(float.NaN));
        Assert.Equal(0.5f, FloatFunctions.Sigmoid(0f));
        Assert.Equal(1f, FloatFunctions.Sigmoid(200f));
        Assert.Equal(0f, FloatFunctions.Sigmoid(-200f));
    }

    private static void AssertWithinUlps(double expected, float actual, int ulps, float x)
    {
        float rounded = (float)expected;
        double ulp = Math.Abs((double)float.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded));
        Assert.True(Math.Abs(actual - expected) <= ulps * ulp, $"at {x:R}: expected {expected:R}, was {actual:R}");
    }
}
