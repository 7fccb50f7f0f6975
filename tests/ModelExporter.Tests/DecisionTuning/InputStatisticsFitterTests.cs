using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Tool.Tests.Train;

namespace EdgeInference.Tool.Tests.DecisionTuning;

public class InputStatisticsFitterTests
{
    [Fact]
    public void Statistics_are_those_of_the_columns()
    {
        (float[] statistics, float[] limits) = InputStatisticsFitter.Fit([[1, 5, 0.5f], [2, 5, 0.5f], [3, 5, 0.5f], [6, 5, 0.5f]]);
        Assert.Equal([3f, (float)Math.Sqrt(3.5), 1f, 6f, 5f, 5f, 5f, 5f, 0.5f, 1f, 0.5f, 0.5f], statistics);

        // 6 lies 3 beyond the others, 3 / √3.5 deviations; its distance is (9 / 3.5) / 3.
        Assert.Equal(3 / Math.Sqrt(3.5), limits[0], 1e-6);
        Assert.Equal(1.01 * 9 / 3.5 / 3, limits[1], 1e-6);
    }

    [Fact]
    public void About_the_wanted_share_of_training_rows_is_unlike()
    {
        LabelledTable train = TrainingData.Read("breast_cancer.train.csv", "benign");
        foreach (double share in new[] { 0, 0.02, 0.1 })
        {
            (float[] values, float[] limits) = InputStatisticsFitter.Fit(train.Rows, share);
            var statistics = new InputStatistics(values, limits[0], limits[1]);
            Assert.InRange(train.Rows.Count(row => statistics.OutlierScore(row) > 1), 0, share * train.Rows.Count);
        }
    }

    [Fact]
    public void Real_rows_are_like_and_broken_ones_unlike()
    {
        LabelledTable train = TrainingData.Read("breast_cancer.train.csv", "benign");
        LabelledTable test = TrainingData.Read("breast_cancer.test.csv", "benign", train);
        (float[] values, float[] limits) = InputStatisticsFitter.Fit(train.Rows);
        var statistics = new InputStatistics(values, limits[0], limits[1]);
        int unlike = test.Rows.Count(row => statistics.OutlierScore(row) > 1);
        Assert.InRange(unlike, 0, 0.04 * test.Rows.Count);

        // A sensor in other units, a row of zeros, one feature stuck at ten times its value.
        Assert.All(test.Rows, row => Assert.True(statistics.OutlierScore(Array.ConvertAll(row, x => 25.4f * x)) > 1));
        Assert.True(statistics.OutlierScore(new float[30]) > 1);
        Assert.All(test.Rows, row => Assert.True(statistics.OutlierScore([10 * row[0], .. row[1..]]) > 1));
    }

    [Fact]
    public void Features_of_two_values_are_not_unlike_by_a_last_bit()
    {
        float[][] rows = [.. Enumerable.Range(0, 16).Select(i => Enumerable.Range(0, 4).Select(b => (i >> b & 1) == 0 ? -1f : 1f).ToArray())];
        (float[] values, float[] limits) = InputStatisticsFitter.Fit(rows);
        var statistics = new InputStatistics(values, limits[0], limits[1]);
        Assert.All(rows, row => Assert.True(statistics.OutlierScore(row) <= 1));
    }

    [Fact]
    public void One_row_is_refused() => Assert.Throws<InputException>(() => InputStatisticsFitter.Fit([[1f]]));
}
