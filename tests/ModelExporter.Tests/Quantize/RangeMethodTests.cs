using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Ranges chosen from histograms, against the definitions in plain loops.</summary>
public class RangeMethodTests
{
    private const int Bins = 2048;

    // Each method tries cuts of 16 bins, up to half of the histogram on each side.
    private const int Step = 16;

    public static TheoryData<string> Shapes => [.. histograms.Keys];

    private static readonly Dictionary<string, Func<int, long>> histograms = new()
    {
        ["flat"] = _ => 10,
        ["peak in the middle"] = bin => (long)(1e6 * Math.Exp(-Math.Pow((bin - 1024) / 40.0, 2))) + (bin is 0 or Bins - 1 ? 1 : 0),
        ["long tail to the right"] = bin => (long)(1e6 * Math.Exp(-bin / 30.0)) + (bin == Bins - 1 ? 1 : 0),
        ["long tail to the left"] = bin => (long)(1e6 * Math.Exp(-(Bins - 1 - bin) / 30.0)) + (bin == 0 ? 1 : 0),
        ["one far outlier each"] = bin => bin is 0 or Bins - 1 ? 1 : bin is > 900 and < 1200 ? 5000 : 0,
        ["upper half only"] = bin => bin == 0 ? 1 : bin >= 1008 ? 1_000_000 : 0,
        ["lower half only"] = bin => bin == Bins - 1 ? 1 : bin < 1040 ? 1_000_000 : 0,
        ["a bin at the upper cut"] = bin => bin == 0 ? 3270 : bin == 2032 ? 1 : 0,
        ["a bin at the lower cut"] = bin => bin == Bins - 1 ? 3270 : bin == 15 ? 1 : 0,
        ["comb"] = bin => bin % 7 == 0 ? 3 : 0,
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_squared_error_is_least_at_the_chosen_cuts(string name) => Check(name, RangeMethod.MeanSquareError, SquaredError);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_divergence_is_least_at_the_chosen_cuts(string name) => Check(name, RangeMethod.Entropy, Divergence);

    // 0.01 % of 20,000 values are 2: as many may be cut on a side, and no more.
    [Theory]
    [InlineData(2, 0, 0, 1, 2048)]
    [InlineData(3, 0, 0, 0, 2048)]
    [InlineData(1, 1, 0, 2, 2048)]
    [InlineData(1, 2, 0, 1, 2048)]
    [InlineData(0, 0, 2, 0, 2047)]
    [InlineData(0, 0, 3, 0, 2048)]
    public void A_percentile_cuts_what_it_may_and_no_more(int first, int second, int last, int expectedFirst, int expectedEnd)
    {
        ValueStatistics statistics = Statistics(0, Bins);
        long[] histogram = statistics.Histogram;
        Array.Fill(histogram, 5L, 2, 2000);
        Array.Fill(histogram, 5L, 2002, Bins - 2003);
        (histogram[0], histogram[1], histogram[^1]) = (first, second, last);

        // Sides that are not looked at keep a value that may not be cut.
        histogram[0] += first + second == 0 ? 5 : 0;
        histogram[1] += second == 0 ? 5 : 0;
        histogram[^1] += last == 0 ? 5 : 0;
        histogram[500] += 20_000 - histogram.Sum();
        Assert.Equal(20_000, histogram.Sum());
        Assert.Equal(new ValueRange(expectedFirst, expectedEnd), RangeEstimator.Estimate(statistics, RangeMethod.Percentile));
    }

    [Fact]
    public void Bins_that_held_nothing_are_cut_too()
    {
        ValueStatistics statistics = Statistics(-Bins, Bins);
        statistics.Histogram[700] = 9;
        statistics.Histogram[900] = 1;
        Assert.Equal(new ValueRange(-Bins + 1400, -Bins + 1802), RangeEstimator.Estimate(statistics, RangeMethod.Percentile));
    }

    [Fact]
    public void A_single_filled_bin_is_the_range_of_a_percentile()
    {
        foreach (int bin in (int[])[0, 1, 1000, Bins - 1])
        {
            ValueStatistics statistics = Statistics(0, Bins);
            statistics.Histogram[bin] = 100;
            Assert.Equal(new ValueRange(bin, bin + 1), RangeEstimator.Estimate(statistics, RangeMethod.Percentile));
        }
    }

    private static void Check(string name, RangeMethod method, Func<long[], int, int, double> loss)
    {
        ValueStatistics statistics = Statistics(-1024, 1024);
        for (int bin = 0; bin < Bins; bin++)
        {
            statistics.Histogram[bin] = histograms[name](bin);
        }

        // First the low side alone, then the high side with it; of equals the one that cuts least.
        int first = Enumerable.Range(0, 64).Select(i => i * Step).MinBy(cut => loss(statistics.Histogram, cut, Bins));
        int end = Enumerable.Range(0, 64).Select(i => Bins - (i * Step)).MinBy(cut => loss(statistics.Histogram, first, cut));
        Assert.Equal(new ValueRange(first - 1024, end - 1024), RangeEstimator.Estimate(statistics, method));
    }

    private static double SquaredError(long[] histogram, int first, int end)
    {
        double step = (end - first) / 256.0;
        double sum = 0;
        for (int bin = 0; bin < Bins; bin++)
        {
            double middle = bin + 0.5;
            double error = middle < first ? first - middle : middle > end ? middle - end : 0;
            sum += histogram[bin] * (error == 0 ? step * step / 12 : error * error);
        }

        return sum;
    }

    // Σ p·log(p / q): p with the outliers in its end bins, q each level's mass spread evenly over its bins that held any.
    private static double Divergence(long[] histogram, int first, int end)
    {
        int length = end - first;
        double inside = histogram[first..end].Sum();
        double total = histogram.Sum();
        double sum = 0;
        for (int bin = 0; bin < length; bin++)
        {
            double p = histogram[first + bin];
            p += bin == 0 ? histogram[..first].Sum() : 0;
            p += bin == length - 1 ? histogram[end..].Sum() : 0;
            if (p == 0)
            {
                continue;
            }

            // The level that this bin belongs to: the last that begins at or before it.
            int level = 0;
            while (level < 255 && (level + 1) * length / 256 <= bin)
            {
                level++;
            }

            long[] own = histogram[(first + (level * length / 256))..(first + ((level + 1) * length / 256))];
            int filled = own.Count(count => count > 0);
            double q = filled == 0 ? 1e-12 : Math.Max(1e-12, own.Sum() / (double)filled / inside);
            sum += p / total * Math.Log(p / total / q);
        }

        return sum;
    }

    private static ValueStatistics Statistics(float low, float high)
    {
        var statistics = new ValueStatistics(1);
        statistics.AddExtremes([low, high]);
        return statistics;
    }
}
