using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Evaluate;

/// <summary>Evaluations of one row, of rows that were called otherwise than their highest output, and of outputs that are no numbers.</summary>
public sealed class EvaluationEdgeTests
{
    [Fact]
    public void Called_classes_take_the_place_of_the_highest_output()
    {
        // Two outputs are equal after calibration, while the first was higher before.
        MulticlassMetrics metrics = MulticlassMetrics.Of([1, 1, 0], [[0.5f, 0.5f, 0f], [0.2f, 0.4f, 0.4f], [0.6f, 0.2f, 0.2f]], [1, 2, 0]);
        Assert.Equal([[1, 0, 0], [0, 1, 1], [0, 0, 0]], metrics.Confusion);
        Assert.Equal(2 / 3.0, metrics.Accuracy, 1e-15);
        Assert.Equal([1, 2, 0], metrics.Classes.Select(c => c.Support));
        Assert.Equal([1, 1, 0.0], metrics.Classes.Select(c => c.Precision));
        Assert.Equal([1, 0.5, 0], metrics.Classes.Select(c => c.Recall));
        Assert.Equal((1 + (2 / 3.0) + 0) / 3, metrics.MacroF1, 1e-15);
        ConfusionMatrix binary = BinaryMetrics.Of([1, 0, 1], [0.9f, 0.8f, 0.1f], 0.5f, [1, 0, 1]).Confusion;
        Assert.Equal(new ConfusionMatrix(2, 0, 1, 0), binary);
    }

    [Theory]
    [InlineData(1, 0.75f, 1.0)]
    [InlineData(0, 0.75f, 0.0)]
    public void One_row_has_an_accuracy_and_a_loss_but_no_area(int label, float p, double accuracy)
    {
        var evaluation = Evaluation.Of(new LabelledTable(["a"], [[0f]], [label], ["0", "1"]), [[p]], 0.5f);
        Assert.Equal((1, accuracy, null), (evaluation.Rows, evaluation.Accuracy, evaluation.Auc));
        Assert.Equal(-Math.Log(label == 1 ? p : 1 - p), evaluation.LogLoss!.Value, 1e-12);
        Assert.Equal(Math.Pow(p - label, 2), evaluation.Brier!.Value, 1e-12);
        Assert.Equal(0.5f, evaluation.Threshold);
        Assert.Equal(["0", "1"], evaluation.Classes);
    }

    // Rows of one class alone, all decided alike.
    [Fact]
    public void Rates_of_a_class_without_rows_are_0()
    {
        MulticlassMetrics metrics = MulticlassMetrics.Of([0, 0], [[0.9f, 0.1f], [0.8f, 0.2f]]);
        Assert.Equal([new ClassMetrics(2, 1, 1, 1), new ClassMetrics(0, 0, 0, 0)], metrics.Classes);
        Assert.Equal((1, 0.5), (metrics.Accuracy, metrics.MacroF1));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void An_output_that_is_not_finite_is_refused_with_its_row(float value)
    {
        foreach (OutputRole role in new[] { OutputRole.Probability, OutputRole.Score })
        {
            for (int width = 1; width <= 3; width++)
            {
                float[] good = [.. Enumerable.Repeat(0.25f, width)];
                float[] bad = [.. good[1..], value];
                var table = new LabelledTable(["a"], [[0f], [0f]], [0, 1], ["0", "1"]);
                var rule = new DecisionRule(role, 0.5f, width);
                Assert.StartsWith("The model's output for row 2 is not finite", Assert.Throws<InputException>(() => Evaluation.Of(table, [good, bad], rule)).Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(5, "(a, b, c, d, e) but")]
    [InlineData(6, "(a, b, c, d, e, …) but")]
    public void Up_to_five_classes_are_listed(int classes, string sentence)
    {
        var table = new LabelledTable(["a"], [[0f]], [4], [.. "abcdef"[..classes].Select(letter => $"{letter}")]);
        string message = Assert.Throws<InputException>(() => Evaluation.Of(table, [[0.1f, 0.2f, 0.3f, 0.4f]], 0.5f)).Message;
        Assert.Contains($"The data has {classes} classes {sentence} the model has 4;", message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_labels_as_outputs_are_needed()
    {
        Assert.Throws<ArgumentException>(() => MulticlassMetrics.Of([0, 1], [[0.5f, 0.5f]]));
        Assert.Throws<ArgumentException>(() => new ThresholdCurve([0, 1], [0.5f]));
        Assert.Throws<ArgumentException>(() => new ThresholdCurve([], []));
    }

    // The true class's share of the sum, which need not be 1.
    [Fact]
    public void Losses_of_several_classes_are_means_over_rows()
    {
        double expected = (-Math.Log(0.5 / 1.0) - Math.Log(1 / 4.0) - Math.Log(Math.Pow(2, -23))) / 3;
        Assert.Equal(expected, MulticlassMetrics.Of([0, 2, 1], [[0.5f, 0.25f, 0.25f], [2f, 1f, 1f], [0.5f, 0f, 0.5f]]).LogLoss, 1e-12);
    }

    // Agreement is of decisions by the same rule, deviation of the outputs as they are.
    [Fact]
    public void Several_classes_are_compared_row_by_row()
    {
        var table = new LabelledTable(["a"], [[0f], [0f], [0f]], [0, 1, 2], ["a", "b", "c"]);
        float[][] own = [[0.5f, 0.25f, 0.25f], [0.25f, 0.5f, 0.25f], [0.25f, 0.25f, 0.5f]];
        float[][] other = [[0.25f, 0.5f, 0.25f], [0.125f, 0.75f, 0.125f], [0.375f, 0.25f, 0.375f]];
        var evaluation = Evaluation.Of(table, own, 0.5f, other);

        // The third is a tie, which is the first class.
        Assert.Equal(1 / 3.0, evaluation.Agreement!.Value, 1e-15);
        Assert.Equal(0.25, evaluation.WorstDeviation);
        Assert.Equal(1, evaluation.Accuracy);
    }

    [Fact]
    public void Two_outputs_at_another_threshold_than_a_half_decide_by_the_second()
    {
        var rule = new DecisionRule(OutputRole.Probability, 0.25f, 2);
        Assert.Equal(1, RowDecision.Of(rule, [0.75f, 0.25f]).Called);
        Assert.Equal(0, RowDecision.Of(rule, [0.76f, 0.24f]).Called);
        var single = new DecisionRule(OutputRole.Probability, 0.25f, 1);
        RowDecision row = RowDecision.Of(single, [0.25f]);
        Assert.Equal((1, 0.25f), (row.Called, row.Probability));
        Assert.Equal([0.75f, 0.25f], row.Values);
    }
}
