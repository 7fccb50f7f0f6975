using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>What calibration keeps of a tensor, counted by hand and by plain loops.</summary>
public class StatisticsBoundTests
{
    private const int Bins = 2048;

    [Theory]
    [InlineData(0f, 2048f)]
    [InlineData(-1024f, 1024f)]
    [InlineData(-2048f, 0f)]
    public void A_value_belongs_to_the_bin_that_begins_at_or_below_it_and_the_highest_to_the_last(float low, float high)
    {
        float[] values = [.. Enumerable.Range(0, Bins + 1).Select(i => low + i), low + 0.75f, high - 0.25f];
        ValueStatistics statistics = Collect(values);
        long[] expected = [.. Enumerable.Repeat(1L, Bins)];
        expected[0] += 1;
        expected[^1] += 2;
        Assert.Equal(expected, statistics.Histogram);
        Assert.Equal(new ValueRange(low, high), statistics.Range);
    }

    [Fact]
    public void A_tensor_that_never_moves_lies_in_one_bin()
    {
        ValueStatistics statistics = Collect([3f, 3f, 3f]);
        Assert.Equal(3, statistics.Histogram.Sum());
        Assert.Single(statistics.Histogram, count => count > 0);
        foreach (RangeMethod method in Enum.GetValues<RangeMethod>())
        {
            Assert.Equal(new ValueRange(3f, 3f), RangeEstimator.Estimate(statistics, method));
        }
    }

    [Fact]
    public void Extremes_and_means_are_those_of_each_channel_over_all_places()
    {
        var statistics = new ValueStatistics(2);
        statistics.AddExtremes([1f, -8f, 3f, -2f]);
        statistics.AddExtremes([-4f, 6f, 2f, 0f]);
        Assert.Equal([-4f, -8f], statistics.ChannelLow);
        Assert.Equal([3f, 6f], statistics.ChannelHigh);
        Assert.Equal([0.5, -1.0], statistics.Means);
        Assert.Equal(new ValueRange(-8f, 6f), statistics.Range);
    }

    [Fact]
    public void Statistics_of_nothing_have_means_of_0() => Assert.Equal([0.0, 0.0], new ValueStatistics(2).Means);

    // More than 2 % of the rows, and more than once.
    [Theory]
    [InlineData(100, 2, false)]
    [InlineData(100, 3, true)]
    [InlineData(50, 1, false)]
    [InlineData(50, 2, true)]
    [InlineData(10, 1, false)]
    [InlineData(10, 2, true)]
    [InlineData(1000, 20, false)]
    [InlineData(1000, 21, true)]
    public void An_extreme_that_occurs_often_is_a_bound(int rows, int occurrences, bool isBound)
    {
        float[] low = [.. Enumerable.Range(0, rows).Select(i => i < occurrences ? -1f : i)];
        float[] high = [.. low.Select(value => -value)];
        ValueStatistics below = Collect(low);
        ValueStatistics above = Collect(high);
        Assert.Equal(isBound, below.IsBoundedBelow(0));
        Assert.False(below.IsBoundedAbove(0));
        Assert.Equal(isBound, above.IsBoundedAbove(0));
        Assert.False(above.IsBoundedBelow(0));
    }

    [Fact]
    public void Occurrences_of_an_extreme_begin_anew_where_a_further_one_comes()
    {
        var statistics = new ValueStatistics(1);
        statistics.AddExtremes([0f, 0f, 0f, -1f, 5f, 5f, 5f, 6f]);
        Assert.False(statistics.IsBoundedBelow(0));
        Assert.False(statistics.IsBoundedAbove(0));
        statistics.AddExtremes([-1f, 6f]);
        Assert.True(statistics.IsBoundedBelow(0));
        Assert.True(statistics.IsBoundedAbove(0));
    }

    private static ValueStatistics Collect(float[] values)
    {
        var statistics = new ValueStatistics(1);
        statistics.AddExtremes(values);
        statistics.AddHistogram(values);
        return statistics;
    }
}
