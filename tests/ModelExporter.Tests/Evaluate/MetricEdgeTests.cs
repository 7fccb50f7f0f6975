using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Evaluate;

/// <summary>Metrics at their edges, each against a number worked by hand.</summary>
public sealed class MetricEdgeTests
{
    [Theory]
    [InlineData(3, 1, 4, 2, 0.7, 0.75, 0.6, 0.8, 0.2, 2.0 / 3)]
    [InlineData(0, 0, 5, 3, 0.625, 0, 0, 1, 0, 0)] // nothing called 1
    [InlineData(0, 4, 0, 0, 0, 0, 0, 0, 1, 0)] // no row of class 1, all called 1
    [InlineData(2, 0, 0, 0, 1, 1, 1, 0, 0, 1)] // no row of class 0
    [InlineData(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)]
    [InlineData(1, 2, 3, 4, 0.4, 1.0 / 3, 0.2, 0.6, 0.4, 0.25)]
    public void Rates_follow_from_the_counts(int tp, int fp, int tn, int fn, double accuracy, double precision, double recall, double specificity, double falsePositives, double f1)
    {
        var matrix = new ConfusionMatrix(tp, fp, tn, fn);
        Assert.Equal(accuracy, matrix.Accuracy, 1e-15);
        Assert.Equal(precision, matrix.Precision, 1e-15);
        Assert.Equal(recall, matrix.Recall, 1e-15);
        Assert.Equal(specificity, matrix.Specificity, 1e-15);
        Assert.Equal(falsePositives, matrix.FalsePositiveRate, 1e-15);
        Assert.Equal(f1, matrix.F1, 1e-15);
        Assert.Equal(recall + specificity - 1, matrix.Youden, 1e-15);
        Assert.Equal((tp + fn, fp + tn), (matrix.Positives, matrix.Negatives));
    }

    [Fact]
    public void Rows_are_counted_by_truth_and_call() =>
        Assert.Equal(new ConfusionMatrix(4, 2, 1, 3), ConfusionMatrix.Of([1, 1, 1, 1, 0, 0, 0, 1, 1, 1], [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]));

    // A certainty that is wrong costs −ln 2⁻²³ = 23 ln 2, one that is right nearly nothing.
    [Theory]
    [InlineData(1, 0f, 15.942385152878742)]
    [InlineData(0, 1f, 15.942385152878742)]
    [InlineData(1, 1f, 1.1920929665620834e-7)]
    [InlineData(0, 0f, 1.1920929665620834e-7)]
    [InlineData(1, 0.5f, 0.6931471805599453)]
    [InlineData(1, 0.25f, 1.3862943611198906)]
    [InlineData(0, 0.25f, 0.2876820724517809)]
    public void Log_loss_of_one_row(int label, float p, double expected)
    {
        Assert.Equal(expected, BinaryMetrics.Of([label], [p]).LogLoss, 1e-13);
        Assert.Equal(expected, MulticlassMetrics.Of([label], [[1 - p, p]]).LogLoss, 1e-13);
        Assert.Equal((p - label) * (p - label), BinaryMetrics.Of([label], [p]).BrierScore, 1e-15);
    }

    // Outputs of several classes are shares of their sum.
    [Fact]
    public void Several_outputs_are_divided_by_their_sum() =>
        Assert.Equal(-Math.Log(0.25), MulticlassMetrics.Of([1], [[2f, 1f, 1f]]).LogLoss, 1e-12);

    // Two rows of opposite error cancel in one bin and add up in two.
    [Theory]
    [InlineData(0.5f, 0.49f, 0.495)] // bins [0.4, 0.5) and [0.5, 0.6)
    [InlineData(0.5f, 0.59f, 0.045)] // one bin
    [InlineData(0.9f, 1f, 0.45)] // 0.9f is a bit less than 0.9 … and 1 is in the last bin
    [InlineData(0.91f, 1f, 0.455)]
    [InlineData(0.05f, 0f, 0.475)]
    public void Calibration_error_has_ten_bins_with_their_lower_edge(float one, float zero, double expected)
    {
        // The definition over bins floor(10 p), in decimal where the double product may round.
        float[] p = [one, zero];
        int[] labels = [1, 0];
        double sum = Enumerable.Range(0, 2).GroupBy(i => Math.Min(9, (int)Math.Floor((decimal)(double)p[i] * 10))).Sum(bin => Math.Abs(bin.Sum(i => labels[i] - (double)p[i]))) / 2;
        Assert.Equal(sum, BinaryMetrics.Of(labels, p).ExpectedCalibrationError, 1e-7);
        Assert.Equal(sum, ReliabilityBin.ExpectedCalibrationError(ReliabilityBin.Of(p, [true, false])), 1e-7);
        Assert.True(expected is 0.9 or > 0, "kept beside the row for a reader");
    }

    [Fact]
    public void Bins_hold_count_mean_and_share()
    {
        ReliabilityBin[] bins = ReliabilityBin.Of([0f, 0.24f, 0.25f, 0.74f, 0.75f, 1f], [true, false, true, true, false, true], 4);
        Assert.Equal([2, 1, 1, 2], bins.Select(bin => bin.Rows));
        Assert.Equal([0.12, 0.25, 0.74, 0.875], bins.Select(bin => bin.MeanProbability), (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal([0.5, 1, 1, 0.5], bins.Select(bin => bin.Share));
        ReliabilityBin empty = ReliabilityBin.Of([0f], [true], 2)[1];
        Assert.True(empty.Rows == 0 && double.IsNaN(empty.MeanProbability) && double.IsNaN(empty.Share));
        Assert.Equal(10, ReliabilityBin.Of([0f], [true]).Length);
    }

    [Fact]
    public void Ties_in_the_curve_are_one_step_and_count_half()
    {
        var curve = new ThresholdCurve([1, 0, 1, 0], [0.5f, 0.5f, 0.5f, 0.2f]);
        Assert.Equal([float.PositiveInfinity, 0.5f, 0.2f], curve.Steps.Select(step => step.Threshold));
        Assert.Equal([new ConfusionMatrix(0, 0, 2, 2), new ConfusionMatrix(2, 1, 1, 0), new ConfusionMatrix(2, 2, 0, 0)], curve.Steps.Select(step => step.Confusion));
        Assert.Equal((0.5 + 0.5 + 1 + 1) / 4, curve.AreaUnderRoc, 1e-15);
        Assert.Equal(curve.Steps[1].Confusion, curve.At(0.5f));
        Assert.Equal(curve.Steps[0].Confusion, curve.At(MathF.BitIncrement(0.5f)));
        Assert.Equal(curve.Steps[1].Confusion, curve.At(MathF.BitIncrement(0.2f)));
        Assert.Equal(curve.Steps[2].Confusion, curve.At(0.2f));
        Assert.Equal(curve.Steps[2].Confusion, curve.At(0f));
        Assert.Equal(0.5, new ThresholdCurve([1, 0], [0.3f, 0.3f]).AreaUnderRoc);
        Assert.Equal(0, new ThresholdCurve([1, 0], [0.3f, 0.4f]).AreaUnderRoc);
        Assert.Equal(1, new ThresholdCurve([1, 0], [0.4f, 0.3f]).AreaUnderRoc);
    }

    [Fact]
    public void A_row_at_the_threshold_is_of_class_1()
    {
        var table = new LabelledTable(["a"], [[0f], [0f], [0f]], [1, 1, 0], ["0", "1"]);
        float[][] outputs = [[0.25f], [MathF.BitDecrement(0.25f)], [0.1f]];
        var evaluation = Evaluation.Of(table, outputs, 0.25f);
        Assert.Equal([[1, 0], [1, 1]], evaluation.Confusion);
        Assert.Equal([1, 0, 0], evaluation.Called);
    }

    [Fact]
    public void Deviation_is_the_largest_of_all_and_agreement_counts_rows()
    {
        var table = new LabelledTable(["a"], [[0f], [0f], [0f], [0f]], [0, 1, 1, 0], ["0", "1"]);
        var evaluation = Evaluation.Of(table, [[0.1f], [0.6f], [0.4f], [0.3f]], 0.5f, [[0.2f], [0.4f], [0.45f], [0.9f]]);
        Assert.Equal(0.9 - 0.3, evaluation.WorstDeviation!.Value, 1e-7);
        Assert.Equal(0.5, evaluation.Agreement);
        Assert.Equal(3, Evaluation.Deviation([[1f, 5f], [2f, 2f]], [[1f, 8f], [2f, 1f]]));
        Assert.Equal(4, Evaluation.Deviation([[-2f]], [[2f]]));
        Assert.Null(Evaluation.Of(table, [[0.1f], [0.6f], [0.4f], [0.3f]], 0.5f).Agreement);
    }

    [Fact]
    public void Several_classes_have_neither_threshold_nor_area()
    {
        var table = new LabelledTable(["a"], [[0f], [0f]], [2, 0], ["x", "y", "z"]);
        var evaluation = Evaluation.Of(table, [[0.2f, 0.2f, 0.6f], [0.3f, 0.3f, 0.4f]], 0.5f);
        Assert.Equal((null, null, null), (evaluation.Auc, evaluation.Brier, evaluation.Threshold));
        Assert.Equal((2, 0.5), (evaluation.Rows, evaluation.Accuracy));
        Assert.Equal([[0, 0, 1], [0, 0, 0], [0, 0, 1]], evaluation.Confusion);
        Assert.Equal(["x", "y", "z"], evaluation.Classes);
        Assert.Contains("3 classes (x, y, z) but the model has 2", Assert.Throws<InputException>(() => Evaluation.Of(table, [[0.5f], [0.5f]], 0.5f)).Message, StringComparison.Ordinal);
        Assert.Null(Evaluation.Of(table with { Labels = [0, 0] }, [[0.5f], [0.5f]], 0.5f).Auc);
    }

    [Fact]
    public void Two_scores_decide_by_half_their_difference()
    {
        var rule = new DecisionRule(OutputRole.Score, 0.5f, 2);
        Assert.Equal((1, 0.5f), RowDecision.Of(rule, [1f, 2f]) is var at ? (at.Called, at.Probability) : default);
        Assert.Equal(0, RowDecision.Of(rule, [1f, 1.9f]).Called);
        Assert.Equal([1f, 2f], RowDecision.Of(rule, [1f, 2f]).Values);
    }

    [Fact]
    public void Signal_to_noise_is_of_sums_over_all_rows()
    {
        Assert.Equal(10 * Math.Log10((1 + 4 + 4) / (0.25 + 1)), SignalToNoise.Decibels([[1f, 2f], [-2f, 0f]], [[1.5f, 2f], [-1f, 0f]]), 1e-9);
        Assert.Equal(0, SignalToNoise.Decibels([[1f]], [[2f]]), 1e-12);
    }
}
