using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.DecisionTuning;

/// <summary>Tuning with ties, empty sides and several classes, against search over all possibilities.</summary>
public sealed class DecisionTieTests
{
    // For each possible lower end, what is decided above it; the one that keeps most rows at the wanted accuracy.
    [Theory]
    [InlineData(0.6)]
    [InlineData(0.75)]
    [InlineData(0.9)]
    [InlineData(1.0)]
    public void A_band_of_several_classes_keeps_most_rows_of_the_wanted_accuracy(double accuracy)
    {
        var random = new Random(31);
        for (int round = 0; round < 60; round++)
        {
            int rows = random.Next(1, 20);
            float[] said = [.. Enumerable.Range(0, rows).Select(_ => random.Next(3, 9) / 8f)];
            bool[] correct = [.. said.Select(p => random.NextDouble() < p)];
            float[] distinct = [.. said.Distinct().Order()];
            int[] kept = [.. distinct.Select(from => said.Count(p => p >= from))];
            int best = Array.FindIndex(distinct, from => said.Where((p, i) => p >= from && correct[i]).Count() >= (accuracy * said.Count(p => p >= from)) - 1e-9);
            if (best < 0)
            {
                Assert.Contains($"No abstain band reaches an accuracy of {accuracy}", Assert.Throws<InputException>(() => AbstainBandTuner.Tune(correct, said, accuracy)).Message, StringComparison.Ordinal);
                continue;
            }

            (float low, float high, double share) = AbstainBandTuner.Tune(correct, said, accuracy);
            Assert.Equal((0f, best == 0 ? 0f : (distinct[best - 1] + distinct[best]) / 2), (low, high));
            Assert.Equal(1 - ((double)kept[best] / rows), share, 1e-12);
        }
    }

    [Theory]
    [InlineData(new[] { 1, 1, 0, 0 }, new[] { 0.25f, 0.75f, 0.25f, 0.75f }, 0.5)] // ties on both sides: each side is half right
    [InlineData(new[] { 1 }, new[] { 0.9f }, 1.0)]
    [InlineData(new[] { 0 }, new[] { 0.1f }, 1.0)]
    public void No_band_is_needed_where_all_is_accurate_enough(int[] labels, float[] said, double accuracy) =>
        Assert.Equal((0.5f, 0.5f, 0.0), AbstainBandTuner.Tune(labels, said, 0.5f, accuracy));

    [Fact]
    public void Rows_of_one_probability_are_given_up_together()
    {
        // Of the four rows at 0.6 one is wrong. At 0.9 all four go, since a part of them cannot.
        int[] labels = [1, 1, 1, 0, 1, 1, 0, 0];
        float[] said = [0.6f, 0.6f, 0.6f, 0.6f, 0.9f, 0.9f, 0.2f, 0.1f];
        (float low, float high, double share) = AbstainBandTuner.Tune(labels, said, 0.5f, 0.9);
        Assert.Equal((0.5f, 0.75f, 0.5), (low, high, share));

        // 7 of 8 are right.
        Assert.Equal(0, AbstainBandTuner.Tune(labels, said, 0.5f, 0.875).Share);
    }

    [Fact]
    public void A_threshold_among_ties_counts_all_rows_of_a_probability()
    {
        // At 0.5 there are two ones and one zero, at 0.7 a zero, at 0.3 a one.
        int[] labels = [1, 1, 0, 0, 1, 0];
        float[] said = [0.5f, 0.5f, 0.5f, 0.7f, 0.3f, 0.1f];
        foreach ((string objective, float threshold, ConfusionMatrix matrix) in new[]
        {
            ("f1", 0.2f, new ConfusionMatrix(3, 2, 1, 0)), // 6/8; 4/7 at 0.4
            ("youden", 0.2f, new ConfusionMatrix(3, 2, 1, 0)), // 1 + 1/3 − 1
            ("recall:0.5", 0.4f, new ConfusionMatrix(2, 2, 1, 1)), // 2 false alarms as at 0.2: nearer to 0.5
            ("recall:0.9", 0.2f, new ConfusionMatrix(3, 2, 1, 0)),
            ("cost:0.1", 0.85f, new ConfusionMatrix(0, 0, 3, 3)), // 0.3 for three missed
        })
        {
            (float tuned, ConfusionMatrix confusion) = ThresholdTuner.Tune(labels, said, ThresholdObjective.Parse(objective));
            Assert.Equal(threshold, tuned, 1e-6f);
            Assert.Equal(matrix, confusion);
        }
    }

    // Below the lowest probability lies 0; where nothing is called 1, the threshold is midway to 1.
    [Theory]
    [InlineData("cost:100", 0f)]
    [InlineData("cost:0.001", 0.95f)]
    [InlineData("recall:1", 0f)]
    public void The_ends_of_the_search_are_0_and_midway_to_1(string objective, float threshold) =>
        Assert.Equal(threshold, ThresholdTuner.Tune([0, 1, 0], [0.4f, 0.3f, 0.9f], ThresholdObjective.Parse(objective)).Threshold, 1e-6f);

    [Theory]
    [InlineData("cost:1e999", "needs a number above 0,")]
    [InlineData("cost:Infinity", "needs a number above 0,")]
    [InlineData("cost:", "needs a number above 0,")]
    [InlineData("cost:5:2", "needs a number above 0,")]
    [InlineData("cost:1,5", "needs a number above 0,")]
    [InlineData("recall:-0.5", "needs a number above 0 and up to 1, as in 'recall:0.95'")]
    [InlineData("f1:", "The threshold objective 'f1' takes no number; omit ':'")]
    [InlineData("", "Unknown threshold objective ''")]
    [InlineData(":5", "Unknown threshold objective ':5'")]
    [InlineData("1", "Unknown threshold objective '1'")]
    [InlineData("-1:5", "Unknown threshold objective '-1:5'")]
    [InlineData("+1", "Unknown threshold objective '+1'")]
    [InlineData("f1,youden", "Unknown threshold objective 'f1,youden'")]
    [InlineData("recal:0.9", "did you mean 'recall'?")]
    public void What_only_looks_like_an_objective_is_refused(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<InputException>(() => ThresholdObjective.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_objective_keeps_its_number()
    {
        Assert.Equal(new ThresholdObjective(ThresholdGoal.Cost, 2.5), ThresholdObjective.Parse("COST:2.5"));
        Assert.Equal(new ThresholdObjective(ThresholdGoal.Recall, 1), ThresholdObjective.Parse("recall:1"));
        Assert.Equal("recall:0.25", new ThresholdObjective(ThresholdGoal.Recall, 0.25).ToString());
        Assert.Equal("cost:2.5", new ThresholdObjective(ThresholdGoal.Cost, 2.5).ToString());
        Assert.Equal(("f1", "youden"), (new ThresholdObjective(ThresholdGoal.F1).ToString(), new ThresholdObjective(ThresholdGoal.Youden).ToString()));
    }

    [Fact]
    public void Several_outputs_are_calibrated_in_copies_and_left_alone_without_a_record()
    {
        using EdgeModel calibrated = Identity(3, builder => builder.AddFloats(MetadataKey.Calibration, [(float)CalibrationMethod.Temperature, 2f]));
        float[][] outputs = [[0.64f, 0.32f, 0.04f]];
        float[] result = CalibratedOutputs.Of(calibrated, outputs)[0];
        double[] roots = [0.8, Math.Sqrt(0.32), 0.2];
        Assert.Equal(roots.Select(root => root / roots.Sum()), result.Select(p => (double)p), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0.64f, 0.32f, 0.04f], outputs[0]);
        using EdgeModel plain = Identity(3);
        Assert.Same(outputs, CalibratedOutputs.Of(plain, outputs));
    }

    [Fact]
    public void What_cannot_be_calibrated_is_refused_for_each_kind_of_outputs()
    {
        Assert.Contains("more than one class", Assert.Throws<InputException>(() => Calibrator.FitTemperature([2, 2], [[0.1f, 0.2f, 0.7f], [0.2f, 0.2f, 0.6f]])).Message, StringComparison.Ordinal);
        Assert.Contains("are NaN and cannot", Assert.Throws<InputException>(() => Calibrator.FitTemperature([0, 1], [[0.1f, 0.2f, 0.7f], [float.NaN, 0.2f, 0.6f]])).Message, StringComparison.Ordinal);
        Assert.Contains("are NaN and cannot", Assert.Throws<InputException>(() => Calibrator.Fit(CalibrationMethod.Platt, [0, 1], [float.NaN, 0.6f])).Message, StringComparison.Ordinal);
        Assert.Contains("more than one class", Assert.Throws<InputException>(() => Calibrator.Fit(CalibrationMethod.Isotonic, [0, 0], [0.1f, 0.6f])).Message, StringComparison.Ordinal);
    }

    // No relation between probability and label: the slope is 0 or nearly, which is refused like a falling one.
    [Fact]
    public void Platt_scaling_without_any_relation_is_refused() =>
        Assert.Contains("which label is class 1", Assert.Throws<InputException>(() => Calibrator.Fit(CalibrationMethod.Platt, [1, 1, 0, 0, 0], [0.2f, 0.2f, 0.8f, 0.8f, 0.8f])).Message, StringComparison.Ordinal);

    // Classes that are apart still have a minimum, since targets are smoothed: (n + 1) / (n + 2) and 1 / (n + 2).
    [Fact]
    public void Platt_scaling_of_separated_classes_stops_at_the_smoothed_targets()
    {
        float[] values = Calibrator.Fit(CalibrationMethod.Platt, [0, 0, 0, 1, 1], [0f, 0f, 0f, 1f, 1f]);
        var calibration = new ProbabilityCalibration(values);
        Assert.Equal(1 / 5.0, calibration.Apply(0f), 1e-4);
        Assert.Equal(3 / 4.0, calibration.Apply(1f), 1e-4);
    }

    // 0 and 1 are taken as 2⁻²⁴ or so from the end, so that one certain error does not make the loss infinite.
    [Fact]
    public void A_temperature_of_certain_outputs_is_finite_and_undoes_their_certainty()
    {
        int[] labels = [.. Enumerable.Range(0, 10).Select(i => i < 9 ? 1 : 0)];
        float[] values = Calibrator.FitTemperature(labels, [.. Enumerable.Repeat(new[] { 0f, 1f }, 10)]);
        Assert.Equal(0.9, new ProbabilityCalibration(values).Apply(1f), 1e-3);
    }

    [Fact]
    public void Each_record_is_written_under_its_own_key()
    {
        var settings = new DecisionSettings { Calibration = [1f], AbstainBand = [2f], InputStatistics = [3f], InputLimits = [4f], Threshold = 0.5f };
        EdgeInference.ModelConverter.Graphs.GraphMetadata metadata = settings.ApplyTo(new EdgeInference.ModelConverter.Graphs.GraphMetadata());
        Assert.Equal([1f], metadata.Floats[MetadataKey.Calibration]);
        Assert.Equal([2f], metadata.Floats[MetadataKey.AbstainBand]);
        Assert.Equal([3f], metadata.Floats[MetadataKey.InputStatistics]);
        Assert.Equal([4f], metadata.Floats[MetadataKey.InputLimits]);
        Assert.Equal((0.5f, 4), (metadata.Threshold, metadata.Floats.Count));
    }

    // Two columns at 0.5 decide by the higher one; at any other threshold, and with one column, a row at it is class 1.
    [Theory]
    [InlineData(1, 0.5f, 1)]
    [InlineData(2, 0.5f, 0)]
    public void A_row_at_half_is_of_class_1_with_one_output_alone(int width, float at, int label)
    {
        var table = new LabelledTable(["a"], [[0f], [0f], [0f]], [label, 0, 1], ["0", "1"]);
        float[][] outputs = [.. new[] { at, 0.125f, 0.875f }.Select(p => width == 1 ? new[] { p } : [1 - p, p])];
        DecisionSettings settings = DecisionTuner.Tune(table, outputs, new DecisionOptions { AbstainAccuracy = 1 });
        Assert.Equal(0, settings.AbstainedShare);
        Assert.Null(settings.Threshold);

        // The other label is wrong there and has to go.
        DecisionSettings other = DecisionTuner.Tune(table with { Labels = [1 - label, 0, 1] }, outputs, new DecisionOptions { AbstainAccuracy = 1 });
        Assert.Equal(1 / 3.0, other.AbstainedShare, 1e-12);
    }

    [Fact]
    public void Statistics_without_training_rows_are_of_the_table_and_of_any_number_of_classes()
    {
        var table = new LabelledTable(["a"], [[2f], [4f], [6f]], [0, 1, 2], ["a", "b", "c"]);
        float[][] outputs = [[0.8f, 0.1f, 0.1f], [0.1f, 0.8f, 0.1f], [0.1f, 0.1f, 0.8f]];
        DecisionSettings settings = DecisionTuner.Tune(table, outputs, new DecisionOptions { UnlikeShare = 0.5 });
        Assert.Equal([4f, (float)Math.Sqrt(8.0 / 3), 2f, 6f], settings.InputStatistics!);

        // Half of the share is a quarter: of 3 rows none is skipped. 2 lies 2 beyond 4, in deviations; (2 / σ)² = 1.5.
        Assert.Equal(2 / Math.Sqrt(8.0 / 3), settings.InputLimits![0], 1e-6);
        Assert.Equal(1.01 * 1.5, settings.InputLimits[1], 1e-6);
        Assert.Null(settings.Calibration);
    }

    // The limits by their definition, in plain loops, over rows with ties at both ends.
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.37)]
    [InlineData(0.99)]
    public void Limits_are_quantiles_of_the_rows_own_scores(double share)
    {
        var random = new Random(9);
        float[][] rows = [.. Enumerable.Range(0, 41).Select(i => new[] { (float)Math.Round(random.NextDouble() * 10) * (i == 7 ? 9 : 1), (float)random.NextDouble() - (i == 11 ? 40 : 0), 3f })];
        (float[] statistics, float[] limits) = InputStatisticsFitter.Fit(rows, share);
        double[] distance = new double[41];
        double[] excess = new double[41];
        for (int feature = 0; feature < 3; feature++)
        {
            double mean = rows.Average(row => (double)row[feature]);
            double deviation = Math.Sqrt(rows.Average(row => Math.Pow(row[feature] - mean, 2)));
            deviation = deviation == 0 ? Math.Max(Math.Abs(mean), 1) : deviation;
            Assert.Equal([mean, deviation, rows.Min(row => row[feature]), rows.Max(row => row[feature])], statistics[(4 * feature)..((4 * feature) + 4)].Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-5);
            for (int i = 0; i < 41; i++)
            {
                float x = rows[i][feature];
                float[] others = [.. rows.Where((_, j) => j != i).Select(row => row[feature])];
                distance[i] += Math.Pow((x - mean) / deviation, 2) / 3;
                excess[i] = Math.Max(excess[i], Math.Max(0, Math.Max(others.Min() - (double)x, x - (double)others.Max())) / deviation);
            }
        }

        int skipped = (int)Math.Floor(share / 2 * 41);
        Assert.Equal(Math.Max(0.5, excess.OrderDescending().ElementAt(skipped)), limits[0], 1e-4);
        Assert.Equal(1.01 * distance.OrderDescending().ElementAt(skipped), limits[1], 1e-4);
    }

    private static EdgeModel Identity(int width, Action<ModelBuilder>? more = null) => Report.ReportCase.Identity(width, more);
}
