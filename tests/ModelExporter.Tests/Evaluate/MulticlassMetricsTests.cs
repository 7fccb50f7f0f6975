using EdgeInference.ModelConverter.Evaluate;

namespace EdgeInference.Tool.Tests.Evaluate;

public class MulticlassMetricsTests
{
    private static readonly int[] labels = [0, 1, 1, 1, 2, 1, 2, 2];

    // The seventh row is a tie: the first class wins.
    private static readonly float[][] probabilities =
    [
        [0.7f, 0.2f, 0.1f], [0.1f, 0.6f, 0.3f], [0.3f, 0.3f, 0.4f], [0.5f, 0.4f, 0.1f],
        [0.2f, 0.2f, 0.6f], [0.1f, 0.8f, 0.1f], [0.35f, 0.3f, 0.35f], [0.9f, 0.1f, 0f],
    ];

    [Fact]
    public void Everything_is_as_scikit_learn_says()
    {
        // scikit-learn 1.2.1 on the same float32 probabilities.
        MulticlassMetrics metrics = MulticlassMetrics.Of(labels, probabilities);
        Assert.Equal([[1, 0, 0], [1, 2, 1], [2, 0, 1]], metrics.Confusion);
        Assert.Equal(8, metrics.Rows);
        Assert.Equal(0.5, metrics.Accuracy, 1e-15);
        // numpy by the definition; scikit-learn divides by the sum once more after the clip, hence 2.589242584.
        Assert.Equal(2.5892425691461662, metrics.LogLoss, 1e-14);
        Assert.Equal(0.48888888888888893, metrics.MacroF1, 1e-15);
        Assert.Equal([0.25, 1, 0.5], metrics.Classes.Select(c => c.Precision));
        Assert.Equal([1, 0.5, 1 / 3.0], metrics.Classes.Select(c => c.Recall));
        Assert.Equal([1, 4, 3], metrics.Classes.Select(c => c.Support));
    }

    [Fact]
    public void NaN_and_no_rows_are_refused()
    {
        Assert.Contains("row 1", Assert.Throws<InputException>(() => MulticlassMetrics.Of([0], [[float.NaN, 1]])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MulticlassMetrics.Of([], []));
    }
}
