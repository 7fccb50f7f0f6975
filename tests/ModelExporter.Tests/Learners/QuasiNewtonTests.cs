using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.Tool.Tests.Learners;

public sealed class QuasiNewtonTests
{
    [Fact]
    public void The_minimum_of_a_narrow_valley_is_found()
    {
        // Σ 10^i/2 · (xᵢ − i)², curved from 1 to 100,000.
        double[] x = new double[6];
        Assert.True(QuasiNewton.Minimise(Valley, x, 200, 1e-9, null, CancellationToken.None));
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(i, x[i], 1e-8);
        }
    }

    [Fact]
    public void It_stops_after_the_steps_it_may_take_and_says_so()
    {
        double[] x = new double[6];
        Assert.False(QuasiNewton.Minimise(Valley, x, 2, 1e-9, null, CancellationToken.None));
        Assert.Contains(x, value => value != 0);
        Assert.True(QuasiNewton.Minimise((_, gradient) =>
        {
            gradient[0] = 0;
            return 1;
        }, [3], 1, 0, null, CancellationToken.None));
    }

    [Fact]
    public void It_can_be_stopped() =>
        Assert.Throws<OperationCanceledException>(() => QuasiNewton.Minimise(Valley, new double[6], 200, 1e-9, null, new CancellationToken(canceled: true)));

    private static double Valley(double[] x, double[] gradient)
    {
        double value = 0;
        double curve = 1;
        for (int i = 0; i < x.Length; i++)
        {
            value += curve / 2 * (x[i] - i) * (x[i] - i);
            gradient[i] = curve * (x[i] - i);
            curve *= 10;
        }

        return value;
    }
}
