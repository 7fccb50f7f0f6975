using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;

namespace EdgeInference.Tool.Tests.DecisionTuning;

public class ThresholdTunerTests
{
    private static readonly int[] labels = [0, 0, 1, 0, 1, 0, 1, 1];
    private static readonly float[] probabilities = [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f];

    [Theory]
    [InlineData("f1", 0.25f, 4, 2)] // F1 8/10; next best 6/8 at 0.45, 4/6 at 0.65
    [InlineData("youden", 0.45f, 3, 1)] // 0.5, as at 0.25 and 0.65: the one nearest 0.5
    [InlineData("cost:0.2", 0.65f, 2, 0)] // 0 + 0.4 against 1 + 0.2 at 0.45
    [InlineData("cost:5", 0.25f, 4, 2)] // 2 against 1 + 5 at 0.45
    [InlineData("recall:0.5", 0.65f, 2, 0)]
    [InlineData("recall:0.75", 0.45f, 3, 1)]
    [InlineData("recall:1", 0.25f, 4, 2)]
    public void The_best_threshold_lies_midway(string objective, float threshold, int truePositives, int falsePositives)
    {
        (float tuned, ConfusionMatrix confusion) = ThresholdTuner.Tune(labels, probabilities, ThresholdObjective.Parse(objective));
        Assert.Equal(threshold, tuned, 1e-6f);
        Assert.Equal((truePositives, falsePositives), (confusion.TruePositives, confusion.FalsePositives));
        Assert.Equal(confusion, BinaryMetrics.Of(labels, probabilities, tuned).Confusion);
    }

    [Theory]
    [InlineData("f1")]
    [InlineData("youden")]
    [InlineData("cost:3")]
    [InlineData("recall:0.9")]
    public void No_other_threshold_is_better(string text)
    {
        var random = new Random(2);
        for (int round = 0; round < 50; round++)
        {
            int[] truth = [0, 1, .. Enumerable.Range(0, 40).Select(_ => random.Next(2))];
            float[] said = [.. truth.Select(label => (float)Math.Round(Math.Clamp((0.4 * label) + (0.8 * random.NextDouble()) - 0.1, 0, 1), 2))];
            ThresholdObjective objective = ThresholdObjective.Parse(text);
            (float threshold, ConfusionMatrix confusion) = ThresholdTuner.Tune(truth, said, objective);
            Assert.InRange(threshold, 0f, 1f);
            Assert.Equal(confusion, BinaryMetrics.Of(truth, said, threshold).Confusion);
            for (float other = 0; other <= 1; other += 0.0025f)
            {
                Assert.True(objective.Score(BinaryMetrics.Of(truth, said, other).Confusion) <= objective.Score(confusion));
            }
        }
    }

    [Fact]
    public void Probabilities_that_touch_are_kept_apart()
    {
        float[] said = [0.5f, float.BitIncrement(0.5f)];
        Assert.Equal(float.BitIncrement(0.5f), ThresholdTuner.Tune([0, 1], said, new ThresholdObjective(ThresholdGoal.F1)).Threshold);
        Assert.Equal(0.55f, ThresholdTuner.Tune([0, 1], [0.1f, 1f], new ThresholdObjective(ThresholdGoal.F1)).Threshold, 1e-6f);
    }

    [Theory]
    [InlineData("f2", "did you mean 'f1'")]
    [InlineData("youdn", "did you mean 'youden'")]
    [InlineData("3", "Unknown threshold objective")]
    [InlineData("cost", "needs a number")]
    [InlineData("cost:0", "needs a number")]
    [InlineData("recall:1.1", "up to 1")]
    [InlineData("f1:2", "takes no number")]
    public void What_is_no_objective_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => ThresholdObjective.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_class_alone_is_refused() =>
        Assert.Throws<InputException>(() => ThresholdTuner.Tune([1, 1], [0.1f, 0.2f], new ThresholdObjective(ThresholdGoal.F1)));
}
