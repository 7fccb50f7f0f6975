using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Tests.Numerics;

public class FloatFunctionEdgeTests
{
    [Fact]
    public void The_exponential_is_finite_to_its_last_argument_and_not_subnormal_from_its_first()
    {
        Assert.InRange(FloatFunctions.Exp(88.72283f), 3.4027e38f, float.MaxValue);
        Assert.Equal(float.PositiveInfinity, FloatFunctions.Exp(MathF.BitIncrement(88.72283f)));
        Assert.InRange(FloatFunctions.Exp(-87.33654f), 1.1754944e-38f, 1.1755e-38f);
        Assert.Equal(0f, FloatFunctions.Exp(MathF.BitDecrement(-87.33654f)));
        Assert.Equal(0f, FloatFunctions.Exp(-float.MaxValue));
        Assert.Equal(float.PositiveInfinity, FloatFunctions.Exp(float.MaxValue));
    }

    [Fact]
    public void The_exponential_is_near_where_powers_of_two_change()
    {
        for (int k = -126; k <= 128; k++)
        {
            foreach (double by in new[] { -0.5, -0.499999, -1e-6, 0, 1e-6, 0.499999, 0.5 })
            {
                float x = (float)((k + by) * Math.Log(2));
                if (x > -87.33f && x < 88.72f)
                {
                    Assert.InRange(FloatFunctions.Exp(x) / Math.Exp(x), 1 - 2.4e-7, 1 + 2.4e-7);
                }
            }
        }
    }

    [Fact]
    public void The_logarithm_is_near_where_powers_of_two_change()
    {
        for (int k = -126; k < 127; k++)
        {
            foreach (double mantissa in new[] { 1, 1.0000001, 1.4142134, 1.4142135, 1.4142137, 1.9999999 })
            {
                float x = (float)(mantissa * Math.Pow(2, k));
                double exact = Math.Log(x);
                Assert.InRange(FloatFunctions.Log(x) - exact, -2.4e-7 * Math.Max(Math.Abs(exact), 0.1), 2.4e-7 * Math.Max(Math.Abs(exact), 0.1));
            }
        }
    }

    [Fact]
    public void The_logistic_function_is_near_and_the_same_from_both_sides()
    {
        for (float x = 0f; x < 87f; x += 0.0137f)
        {
            Assert.InRange(FloatFunctions.Sigmoid(x), (float)(1 / (1 + Math.Exp(-x))) - 1.2e-7f, (float)(1 / (1 + Math.Exp(-x))) + 1.2e-7f);
            double small = 1 / (1 + Math.Exp(x));
            Assert.InRange(FloatFunctions.Sigmoid(-x) / small, 1 - 4e-7, 1 + 4e-7);
        }

        Assert.Equal(0.5f, FloatFunctions.Sigmoid(-0f));
        Assert.Equal(float.NaN, FloatFunctions.Sigmoid(float.NaN));
        Assert.Equal(1f, FloatFunctions.Sigmoid(float.PositiveInfinity));
        Assert.Equal(0f, FloatFunctions.Sigmoid(float.NegativeInfinity));
    }

    /// <summary>A series cut one term too early errs to one side by most of a unit in the last place.</summary>
    [Theory]
    [InlineData(0.7072f, 0.715f)]
    [InlineData(1.4f, 1.4142f)]
    public void The_logarithm_leans_to_no_side(float from, float to) => Assert.InRange(Lean(from, to, FloatFunctions.Log, Math.Log), -0.3, 0.3);

    [Theory]
    [InlineData(-0.3465f, -0.335f)]
    [InlineData(0.335f, 0.3465f)]
    public void The_exponential_leans_to_no_side(float from, float to) => Assert.InRange(Lean(from, to, FloatFunctions.Exp, Math.Exp), -0.3, 0.3);

    // The mean error in units of the last place.
    private static double Lean(float from, float to, Func<float, float> function, Func<double, double> exact)
    {
        double sum = 0;
        int count = 0;
        for (float x = from; x < to; x += (to - from) / 5000)
        {
            float right = Math.Abs((float)exact(x));
            sum += (function(x) - exact(x)) / ((double)float.BitIncrement(right) - right);
            count++;
        }

        return sum / count;
    }
}
