using System.Numerics;
using System.Runtime.Intrinsics;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelTraining.Learners.Trees;

namespace EdgeInference.Tool.Tests.Learners;

/// <summary>The best split of a histogram against all splits, tried one by one in double precision.</summary>
public class GradientSplitTests
{
    private const int Rows = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_split_gains_more(int seed)
    {
        var random = new Xoshiro256((ulong)seed);
        float[] values = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(6) == 0 ? float.NaN : random.Next(12))];
        double[] g = [.. values.Select(_ => random.NextDouble() - 0.5)];
        double[] h = [.. values.Select(_ => 0.05 + (random.NextDouble() * 0.2))];
        FeatureBins bins = FeatureBins.OfNumbers([.. values]);
        PackedGradients packed = Pack(g, h);
        SplitCandidate found = new GradientSplitFinder(packed, new GrowthLimits(2, 1, 3, 0.5)).Find(0, bins, Histogram(bins, values, packed), Sum(packed));

        double best = double.NegativeInfinity;
        for (int bin = 0; bin < bins.Count; bin++)
        {
            foreach (bool missingLeft in (bool[])[false, true])
            {
                bool[] left = [.. values.Select(value => float.IsNaN(value) ? missingLeft : bins.Of(value) <= bin)];
                if (left.Count(side => side) >= 3 && left.Count(side => !side) >= 3)
                {
                    best = Math.Max(best, Gain(left, g, h));
                }
            }
        }

        Assert.NotNull(found.Split);
        Assert.Equal(best, found.Gain, 1e-6);
        Assert.Equal(best, Gain([.. values.Select(value => found.Split.GoesLeft(bins, bins.Of(value)))], g, h), 1e-6);
    }

    [Fact]
    public void Of_categories_the_best_subset_is_found()
    {
        // Categories 0, 3 and 5 pull one way, 1, 2 and 4 the other: no threshold parts them.
        float[] values = [.. Enumerable.Range(0, Rows).Select(i => (float)(i % 6))];
        double[] g = [.. values.Select(value => value is 0 or 3 or 5 ? 0.4 : -0.4)];
        PackedGradients packed = Pack(g, [.. g.Select(_ => 0.25)]);
        FeatureBins bins = FeatureBins.OfCategories(6);
        TreeSplit split = new GradientSplitFinder(packed, new GrowthLimits(2, 1, 1, 0)).Find(2, bins, Histogram(bins, values, packed), Sum(packed)).Split!;
        Assert.Equal([false, true, true, false, true, false], split.Left![..6]);
        Assert.Equal(2, split.Feature);
    }

    [Fact]
    public void Sums_of_gradients_are_exact_in_any_order()
    {
        var random = new Xoshiro256(9);
        double[] g = [.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble() - 0.5)];
        PackedGradients packed = Pack(g, [.. g.Select(value => value * value)]);
        Vector128<long> forward = Sum(packed);
        Vector128<long> backward = Vector128<long>.Zero;
        foreach (Vector128<long> row in packed.Rows.Reverse())
        {
            backward += row;
        }

        Assert.Equal(forward, backward);
        Assert.Equal(1000, packed.Count(forward[1]));
        Assert.Equal(g.Sum(), packed.Gradient(forward[0]), 1e-6);
        Assert.Equal(g.Sum(value => value * value), packed.Second(forward[1]), 1e-6);
    }

    private static double Gain(bool[] left, double[] g, double[] h)
    {
        double Score(Func<int, bool> isIn)
        {
            int[] rows = [.. Enumerable.Range(0, g.Length).Where(isIn)];
            return Math.Pow(rows.Sum(row => g[row]), 2) / (rows.Sum(row => h[row]) + 0.5);
        }

        // The node's own score is divided by a little more, so that a split must gain something.
        return Score(row => left[row]) + Score(row => !left[row]) - (Math.Pow(g.Sum(), 2) / (h.Sum() + 0.5 + GrowthLimits.MinSecond) * (1 + 1e-9));
    }

    private static PackedGradients Pack(double[] g, double[] h)
    {
        var packed = new PackedGradients(g.Length, 1);
        int lanes = Vector<double>.Count;
        Array.Resize(ref h, g.Length + lanes);
        double[] padded = [.. g, .. new double[lanes]];
        for (int i = 0; i < g.Length; i += lanes)
        {
            packed.Set(i, new Vector<double>(padded, i), new Vector<double>(h, i));
        }

        return packed;
    }

    private static Vector128<long>[] Histogram(FeatureBins bins, float[] values, PackedGradients packed)
    {
        var histogram = new Vector128<long>[bins.Count + 1];
        for (int i = 0; i < values.Length; i++)
        {
            histogram[bins.Of(values[i])] += packed.Rows[i];
        }

        return histogram;
    }

    private static Vector128<long> Sum(PackedGradients packed)
    {
        Vector128<long> sum = Vector128<long>.Zero;
        foreach (Vector128<long> row in packed.Rows)
        {
            sum += row;
        }

        return sum;
    }
}
