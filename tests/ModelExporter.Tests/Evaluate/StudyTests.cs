using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat.Training;

namespace EdgeInference.Tool.Tests.Evaluate;

/// <summary>What a report says beside a model's figures: each against values worked out by hand or known from elsewhere.</summary>
public sealed class StudyTests
{
    [Theory]
    [InlineData(9, 10, 0.5958500, 0.9821238)]
    [InlineData(0, 20, 0, 0.1611252)]
    [InlineData(20, 20, 0.8388748, 1)]
    public void A_share_has_Wilsons_interval(int hits, int rows, double low, double high)
    {
        var interval = ConfidenceInterval.OfShare(hits, rows);
        Assert.Equal(low, interval.Low, 1e-6);
        Assert.Equal(high, interval.High, 1e-6);
    }

    [Fact]
    public void An_area_has_Hanleys_and_McNeils_interval()
    {
        // q1 = 0.9 / 1.1, q2 = 1.62 / 1.9, 50 rows of each class.
        double variance = (0.09 + (49 * ((0.9 / 1.1) - 0.81)) + (49 * ((1.62 / 1.9) - 0.81))) / 2500;
        var interval = ConfidenceInterval.OfArea(0.9, 50, 50);
        Assert.Equal(0.9 - (1.959963984540054 * Math.Sqrt(variance)), interval.Low, 1e-12);
        Assert.Equal(0.9 + (1.959963984540054 * Math.Sqrt(variance)), interval.High, 1e-12);
    }

    [Theory]
    [InlineData(2, 10, 2 * 79.0 / 4096)]
    [InlineData(10, 2, 2 * 79.0 / 4096)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 6, 2.0 / 64)]
    public void McNemars_test_is_the_binomial_one(int first, int second, double probability) => Assert.Equal(probability, McNemar.Probability(first, second), 1e-12);

    [Fact]
    public void McNemars_test_stands_thousands_of_rows() => Assert.InRange(McNemar.Probability(2_400, 2_600), 0.004, 0.006);

    [Fact]
    public void The_feature_that_decides_is_important_and_the_other_is_not()
    {
        float[][] rows = [.. Enumerable.Range(0, 200).Select(i => new[] { i % 2 == 0 ? 1f : -1f, i % 7 })];
        int[] labels = [.. rows.Select(row => row[0] > 0 ? 1 : 0)];
        FeatureImportance[] importance = PermutationImportance.Of(rows, labels, given => [.. given.Select((row, i) => (row[0] > 0 == (labels[i] == 1) ? 0.9f : 0.1f, row[0] > 0 == (labels[i] == 1)))]);

        // Half of the rows are given the other class's value: log loss from ln(1/0.9) to the mean with ln(1/0.1).
        Assert.Equal(Math.Log(9) / 2, importance[0].LogLoss, 0.25);
        Assert.Equal(0.5, importance[0].Accuracy, 0.1);
        Assert.Equal(0, importance[1].LogLoss, 1e-12);
        Assert.Equal((0.0, 0.0), (importance[1].Error, importance[1].Accuracy));
        Assert.Equal([1f, 0f], rows[0]);
    }

    [Fact]
    public void A_reason_is_the_feature_whose_usual_value_gives_the_true_class_more()
    {
        float[] usual = RowReasons.Usual([[1f, 5f, float.NaN], [2f, 6f, 1f], [9f, 7f, 3f]], []);
        Assert.Equal([2f, 6f, 1f], usual);
        RowReason[] reasons = RowReasons.Of([9f, 6f, 3f], usual, 3, rows => [.. rows.Select(row => 0.5f - (row[0] / 20) - (row[2] / 100))]);
        Assert.Equal([0, 2], reasons.Select(reason => reason.Feature));
        Assert.Equal(0.35, reasons[0].Rise, 1e-6);
        Assert.Equal((9f, 2f), (reasons[0].Value, reasons[0].Usual));
    }

    [Fact]
    public void Drift_is_measured_in_deviations_of_the_training_rows()
    {
        float[] statistics = [10f, 2f, 5f, 15f, 0f, 1f, -3f, 3f];
        FeatureDrift[] drift = FeatureDrift.Of([.. statistics.Chunk(4).Select(value => new FeatureStatistics(value[0], value[1], value[2], value[3], null, []))], [], [[14f, 0f], [16f, float.NaN], [18f, 1f], [16f, -1f]]);
        Assert.Equal(3, drift[0].Shift, 1e-12);
        Assert.Equal(Math.Sqrt(2) / 2, drift[0].Spread, 1e-12);
        Assert.Equal(0.75, drift[0].Outside);
        Assert.True(drift[0].IsNotable);
        Assert.Equal(0.25, drift[1].Missing);
        Assert.False(drift[1].IsNotable);
        FeatureDrift gone = FeatureDrift.Of([new FeatureStatistics(0, 1, -3, 3, null, [])], [], [[float.NaN], [float.NaN]])[0];
        Assert.True(gone.IsNotable);
    }

    [Fact]
    public void Costs_follow_from_the_confusion()
    {
        CostPoint point = Assert.Single(CostPoint.Of([0, 0, 0, 1, 1], [0.1f, 0.4f, 0.6f, 0.55f, 0.9f], 0.5f, [4]));
        Assert.Equal(1.0 / 5, point.Own, 1e-12);
        Assert.Equal(1.0 / 5, point.Least, 1e-12);
        Assert.Equal(3.0 / 5, point.Blind, 1e-12);
    }
}
