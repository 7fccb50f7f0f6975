using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelTraining.Learners.Trees;

namespace EdgeInference.Tool.Tests.Learners;

/// <summary>Bins of a feature: a float32 threshold parts the values exactly as the bins do.</summary>
public class FeatureBinsTests
{
    [Theory]
    [InlineData(new[] { 1f, 2f, 3f })]
    [InlineData(new[] { 1f, 1.0000001f, 1.0000002f })]
    [InlineData(new[] { -3.4028235e38f, 3.4028235e38f, 0f, -0f })]
    [InlineData(new[] { 1e-45f, 3e-45f, 0f, -1e-45f })]
    [InlineData(new[] { 16777216f, 16777218f, 16777220f })]
    [InlineData(new[] { 5f })]
    public void A_threshold_parts_values_as_their_bins_do(float[] values) => CheckThresholds(values);

    [Fact]
    public void Many_values_share_bins_of_about_as_many_rows()
    {
        var random = new Xoshiro256(1);
        float[] values = [.. Enumerable.Range(0, 10_000).Select(_ => (float)random.NextDouble())];
        FeatureBins bins = CheckThresholds(values);
        Assert.Equal(FeatureBins.Most, bins.Count);
        int[] rows = new int[bins.Count];
        foreach (float value in values)
        {
            rows[bins.Of(value)]++;
        }

        Assert.InRange(rows.Min(), 30, 40);
        Assert.InRange(rows.Max(), 39, 60);
    }

    [Fact]
    public void A_frequent_value_leaves_bins_for_the_others()
    {
        float[] values = [.. Enumerable.Range(0, 10_000).Select(i => i < 6000 ? 7f : i)];
        FeatureBins bins = CheckThresholds(values);
        Assert.InRange(bins.Count, 200, FeatureBins.Most);
        Assert.Equal(0, bins.Of(7f));
    }

    [Fact]
    public void Two_hundred_and_fifty_five_values_have_a_bin_each_and_missing_ones_another()
    {
        float[] values = [float.NaN, .. Enumerable.Range(0, 255).Select(i => i * 0.1f)];
        FeatureBins bins = CheckThresholds(values);
        Assert.Equal(255, bins.Count);
        Assert.Equal(255, bins.Of(float.NaN));
        Assert.Equal(Enumerable.Range(0, 255), values[1..].Select(bins.Of));
    }

    [Fact]
    public void Categories_have_a_bin_each_and_unknown_ones_the_last()
    {
        FeatureBins bins = FeatureBins.OfCategories(3);
        Assert.True(bins.IsCategory);
        Assert.Equal([0, 1, 2, 3, 3, 4], new[] { 0f, 1f, 2f, 3f, 1000f, float.NaN }.Select(bins.Of));
        Assert.Equal(FeatureBins.Most, FeatureBins.OfCategories(1000).Count);
        Assert.Equal(254, FeatureBins.OfCategories(1000).Of(999f));
    }

    [Fact]
    public void Of_bins_without_rows_the_cut_is_the_middle_one()
    {
        FeatureBins bins = FeatureBins.OfNumbers([.. Enumerable.Range(0, 101).Select(i => (float)i)]);
        Assert.Equal(10, bins.Middle(10, 11));
        Assert.InRange(bins.Threshold(bins.Middle(10, 90)), 48f, 51f);
    }

    private static FeatureBins CheckThresholds(float[] values)
    {
        FeatureBins bins = FeatureBins.OfNumbers([.. values]);
        for (int bin = 0; bin < bins.Count; bin++)
        {
            float threshold = bins.Threshold(bin);
            Assert.All(values.Where(value => !float.IsNaN(value)), value => Assert.Equal(bins.Of(value) <= bin, value <= threshold));
        }

        return bins;
    }
}
