namespace EdgeInference.Devices.Tests;

/// <summary>The buckets of <see cref="LatencyHistogram"/> by their definition: 16 of equal width to each power of two of nanoseconds.</summary>
public class DeviceHistogramTests
{
    [Fact]
    public void The_end_of_each_bucket_is_that_of_its_definition()
    {
        int buckets = 0;
        for (int exponent = 7; exponent < 62; exponent++)
        {
            long width = 1L << (exponent - 4);
            for (int within = 0; within < 16; within++)
            {
                long first = (1L << exponent) + (within * width);
                long last = first + width - 1;

                // A TimeSpan has steps of 100 ns: the first and the last one within the bucket.
                foreach (long ticks in new[] { (first + 99) / 100, last / 100 }.Where(ticks => ticks * 100 >= first && ticks * 100 <= last))
                {
                    var histogram = new LatencyHistogram();
                    histogram.Record(TimeSpan.FromTicks(ticks));
                    histogram.Record(TimeSpan.FromTicks(long.MaxValue / 100));
                    Assert.Equal((last + 99) / 100, histogram.Percentile(0.5).Ticks);
                    buckets++;
                }
            }
        }

        Assert.True(buckets > 1000);
    }

    [Fact]
    public void A_percentile_is_the_value_of_its_rank()
    {
        // Far enough apart for a bucket each; the end of a bucket is at most a sixteenth above.
        long[] ticks = [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000];
        var histogram = new LatencyHistogram();
        foreach (long value in ticks.Reverse())
        {
            histogram.Record(TimeSpan.FromTicks(value));
        }

        Assert.Equal(10, histogram.Count);
        for (int rank = 1; rank <= 10; rank++)
        {
            // The share itself, and one just above the share before it.
            foreach (double share in new[] { rank / 10.0, ((rank - 1) / 10.0) + 0.01 })
            {
                Assert.InRange(histogram.Percentile(share).Ticks, ticks[rank - 1], (ticks[rank - 1] * 17 / 16) + 1);
            }
        }

        Assert.Equal(10_000, histogram.Percentile(1).Ticks);
        Assert.Equal(10_000, histogram.Percentile(7).Ticks);
        Assert.Equal(0, histogram.Percentile(0).Ticks);
        Assert.Equal(0, histogram.Percentile(-1).Ticks);
        Assert.Equal(10_000, histogram.Max.Ticks);
    }

    [Fact]
    public void Nothing_recorded_is_nothing_and_less_than_nothing_is_zero()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal((0L, TimeSpan.Zero, TimeSpan.Zero), (histogram.Count, histogram.Max, histogram.Percentile(1)));
        histogram.Record(TimeSpan.FromTicks(-1));
        histogram.Record(TimeSpan.MinValue);
        Assert.Equal((2L, TimeSpan.Zero, TimeSpan.Zero), (histogram.Count, histogram.Max, histogram.Percentile(1)));
        histogram.Record(TimeSpan.FromTicks(7));
        histogram.Record(TimeSpan.FromTicks(5));
        Assert.Equal((4L, 7L, 7L), (histogram.Count, histogram.Max.Ticks, histogram.Percentile(1).Ticks));
    }
}
