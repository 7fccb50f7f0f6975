using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Tests.Numerics;

public class InputStatisticsTests
{
    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(3f, 0.0625f)]
    [InlineData(-3f, 0.0625f)]
    [InlineData(8f, 4 / 9f)]
    [InlineData(12f, 1f)]
    [InlineData(16f, 2f)]
    [InlineData(-12f, 1f)]
    [InlineData(-16f, 16 / 9f)]
    [InlineData(-36f, 9f)]
    public void One_input_by_hand(float x, float expected)
    {
        // Mean 0, deviation 4, seen from -12 to 8: the larger of the square of the distance over 9 and of what lies outside over 1.
        Assert.Equal(expected, new InputStatistics([0f, 4f, -12f, 8f]).OutlierScore([x]), 1e-6f);
    }

    [Fact]
    public void The_limits_are_where_1_is()
    {
        // Half a deviation outside, limits of 0.5 and 4.
        Assert.Equal(1f, new InputStatistics([0f, 2f, -1f, 1f], 0.5f, 4f).OutlierScore([2f]));
        Assert.Equal(1f, new InputStatistics([0f, 2f, -1f, 1f], 0.5f, 4f).OutlierScore([-2f]));

        // Two deviations from the mean and within the range.
        Assert.Equal(1f, new InputStatistics([0f, 2f, -9f, 9f], 0.5f, 4f).OutlierScore([4f]));
        Assert.Equal(1f, new InputStatistics([0f, 2f, -9f, 9f]).OutlierScore([6f]));
        Assert.Equal(1f, new InputStatistics([0f, 2f, 0f, 0f]).OutlierScore([2f]));
    }

    [Fact]
    public void The_farthest_input_outside_counts_and_the_mean_of_all_squares()
    {
        float[] values = [0f, 1f, -1f, 1f, 10f, 2f, 0f, 20f, -5f, 0.5f, -5f, -5f];
        var statistics = new InputStatistics([.. values], 2f, 0.5f);
        var random = new Random(10);
        for (int i = 0; i < 500; i++)
        {
            float[] x = [(float)(random.NextDouble() * 6) - 3, (float)(random.NextDouble() * 30) - 5, -5f + (float)(random.NextDouble() - 0.5)];
            Assert.Equal(Reference(x, values, 2, 0.5), statistics.OutlierScore(x), 1e-4);
        }

        // The mean of (0, 4, 0) squares of deviations over 0.5, and of (0, 0, 3) deviations outside over 2.
        Assert.Equal(4 / 3f / 0.5f, statistics.OutlierScore([0f, 14f, -5f]), 1e-6f);
        Assert.Equal(1f, new InputStatistics([0f, 1f, -9f, 9f, 0f, 1f, -1f, 1f], 2f, 1e6f).OutlierScore([0f, 3f]));
        Assert.Equal(1f, new InputStatistics([0f, 1f, -1f, 1f, 0f, 1f, -9f, 9f], 2f, 1e6f).OutlierScore([-3f, 0f]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    public void What_is_not_finite_is_as_unlike_as_can_be(float x)
    {
        var statistics = new InputStatistics([0f, 1f, -1f, 1f, 0f, 1f, -1f, 1f]);
        Assert.Equal(float.PositiveInfinity, statistics.OutlierScore([x, 0f]));
        Assert.Equal(float.PositiveInfinity, statistics.OutlierScore([0f, x]));
    }

    [Fact]
    public void Limits_that_a_file_does_not_name_are_1_and_9()
    {
        Assert.Equal(1f, InputStatistics.DefaultRangeLimit);
        Assert.Equal(9f, InputStatistics.DefaultDistanceLimit);
    }

    private static double Reference(float[] x, float[] values, double rangeLimit, double distanceLimit)
    {
        double excess = 0;
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double scale = values[(4 * i) + 1];
            excess = Math.Max(excess, Math.Max(values[(4 * i) + 2] - x[i], x[i] - values[(4 * i) + 3]) / scale);
            sum += Math.Pow((x[i] - values[4 * i]) / scale, 2);
        }

        return Math.Max(excess / rangeLimit, sum / x.Length / distanceLimit);
    }
}
