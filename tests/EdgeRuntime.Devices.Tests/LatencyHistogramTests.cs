namespace EdgeInference.Devices.Tests;

public class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_exact_to_a_sixteenth()
    {
        var histogram = new LatencyHistogram();
        var random = new Random(5);
        long[] ticks = [.. Enumerable.Range(0, 10_000).Select(_ => (long)Math.Exp(random.NextDouble() * 18))];
        foreach (long value in ticks)
        {
            histogram.Record(TimeSpan.FromTicks(value));
        }

        Array.Sort(ticks);
        Assert.Equal(ticks[^1], histogram.Max.Ticks);
        Assert.Equal(10_000, histogram.Count);
        foreach (double share in new[] { 0.01, 0.5, 0.9, 0.99, 0.999, 1.0 })
        {
            long exact = ticks[(int)Math.Ceiling(share * ticks.Length) - 1];
            long estimate = histogram.Percentile(share).Ticks;
            Assert.True(estimate >= exact && estimate <= (exact * 17.0 / 16) + 1, $"{share}: {exact} {estimate}");
        }
    }

    [Fact]
    public void The_ends_of_the_range_are_held_and_nothing_is_allocated()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(0.5));
        histogram.Record(TimeSpan.FromTicks(-5));
        histogram.Record(TimeSpan.FromDays(10_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        histogram.Record(TimeSpan.FromMilliseconds(1));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(0.1));
        Assert.Equal(TimeSpan.FromDays(10_000), histogram.Percentile(1));
    }
}
