using EdgeInference.ModelConverter.Evaluate;

namespace EdgeInference.Tool.Tests.Evaluate;

public class BinaryMetricsTests
{
    // With ties within and between classes, 0 for a row of class 1, and a probability on the threshold of each class.
    private static readonly int[] labels = [0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 0, 0];
    private static readonly float[] probabilities = [0.1f, 0.9f, 0.4f, 0.4f, 0.8f, 0.3f, 0.05f, 0.65f, 0.4f, 0.65f, 0.99f, 0.2f, 0.5f, 0f, 0.5f, 0.15f];

    // Expected values of this class: scikit-learn 1.2.1 on the same float32 probabilities, log_loss with eps = 2⁻²³.
    private readonly BinaryMetrics metrics = BinaryMetrics.Of(labels, probabilities);

    [Fact]
    public void Decisions_are_counted_as_scikit_learn_counts_them()
    {
        Assert.Equal(new ConfusionMatrix(5, 2, 6, 3), metrics.Confusion);
        Assert.Equal(16, metrics.Rows);
        Assert.Equal(0.6875, metrics.Accuracy, 1e-15);
        Assert.Equal(0.7142857142857143, metrics.Confusion.Precision, 1e-15);
        Assert.Equal(0.625, metrics.Confusion.Recall, 1e-15);
        Assert.Equal(0.75, metrics.Confusion.Specificity, 1e-15);
        Assert.Equal(0.25, metrics.Confusion.FalsePositiveRate, 1e-15);
        Assert.Equal(0.375, metrics.Confusion.Youden, 1e-15);
        Assert.Equal(0.6666666666666666, metrics.Confusion.F1, 1e-15);
    }

    [Fact]
    public void Scores_are_scikit_learns()
    {
        Assert.Equal(0.765625, metrics.AreaUnderRoc, 1e-15);
        Assert.Equal(1.3993898287863658, metrics.LogLoss, 1e-14);
        Assert.Equal(0.19625624915454548, metrics.BrierScore, 1e-15);
        Assert.Equal(0.19437499740161002, metrics.ExpectedCalibrationError, 1e-15);
    }

    [Fact]
    public void The_ROC_curve_is_scikit_learns()
    {
        double[] falsePositiveRates = [0, 0, 0, 0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 1];
        double[] truePositiveRates = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.875, 0.875, 0.875, 0.875, 0.875, 0.875, 1];
        Assert.Equal(falsePositiveRates, metrics.RocCurve.Select(point => point.X));
        Assert.Equal(truePositiveRates, metrics.RocCurve.Select(point => point.Y));
        Assert.Equal([float.PositiveInfinity, 0.99f, 0.9f, 0.8f, 0.65f, 0.5f, 0.4f, 0.3f, 0.2f, 0.15f, 0.1f, 0.05f, 0f], metrics.RocCurve.Select(point => point.Threshold));
    }

    [Fact]
    public void The_precision_recall_curve_is_scikit_learns()
    {
        double[] precisions = [1, 1, 1, 1, 4 / 5.0, 5 / 7.0, 7 / 10.0, 7 / 11.0, 7 / 12.0, 7 / 13.0, 7 / 14.0, 7 / 15.0, 8 / 16.0];
        Assert.Equal(precisions, metrics.PrecisionRecallCurve.Select(point => point.Y));
        Assert.Equal(metrics.RocCurve.Select(point => point.Y), metrics.PrecisionRecallCurve.Select(point => point.X));
    }

    [Fact]
    public void The_area_is_the_share_of_ordered_pairs()
    {
        double pairs = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            for (int j = 0; j < labels.Length; j++)
            {
                pairs += labels[i] == 1 && labels[j] == 0 ? probabilities[i] > probabilities[j] ? 1 : probabilities[i] == probabilities[j] ? 0.5 : 0 : 0;
            }
        }

        Assert.Equal(pairs / 64, metrics.AreaUnderRoc, 1e-15);
    }

    [Theory]
    [InlineData(0.65f, 4, 1)]
    [InlineData(0.6500001f, 3, 0)]
    [InlineData(0f, 8, 8)]
    [InlineData(1f, 0, 0)]
    public void A_threshold_counts_what_is_at_or_above_it(float threshold, int truePositives, int falsePositives)
    {
        ConfusionMatrix confusion = BinaryMetrics.Of(labels, probabilities, threshold).Confusion;
        Assert.Equal((truePositives, falsePositives), (confusion.TruePositives, confusion.FalsePositives));
    }

    [Fact]
    public void One_class_alone_has_no_area()
    {
        Assert.True(double.IsNaN(BinaryMetrics.Of([1, 1], [0.2f, 0.7f]).AreaUnderRoc));
        Assert.Equal(0.5, BinaryMetrics.Of([1, 1], [0.2f, 0.7f]).Accuracy);
    }

    [Fact]
    public void NaN_and_no_rows_are_refused()
    {
        Assert.Contains("row 2", Assert.Throws<InputException>(() => BinaryMetrics.Of([0, 1], [0.2f, float.NaN])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Of([], []));
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Of([1], [0.2f, 0.3f]));
    }
}
