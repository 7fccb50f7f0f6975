using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.DecisionTuning;

/// <summary>Calibration and tuning at their edges, against closed forms and brute force.</summary>
public sealed class DecisionEdgeTests
{
    // At two probabilities a line through both logits fits exactly: each gives the mean of its smoothed targets.
    [Theory]
    [InlineData(8, 2, 3, 9)]
    [InlineData(1, 1, 0, 5)]
    [InlineData(40, 3, 1, 50)]
    public void Platt_scaling_of_two_probabilities_is_closed(int lowZeros, int lowOnes, int highZeros, int highOnes)
    {
        const float Low = 0.3f;
        const float High = 0.6f;
        int[] labels = [.. Enumerable.Repeat(0, lowZeros), .. Enumerable.Repeat(1, lowOnes), .. Enumerable.Repeat(0, highZeros), .. Enumerable.Repeat(1, highOnes)];
        float[] said = [.. Enumerable.Repeat(Low, lowZeros + lowOnes), .. Enumerable.Repeat(High, highZeros + highOnes)];
        double ones = lowOnes + highOnes;
        double zeros = lowZeros + highZeros;
        double one = (ones + 1) / (ones + 2);
        double zero = 1 / (zeros + 2);
        double low = ((lowOnes * one) + (lowZeros * zero)) / (lowOnes + lowZeros);
        double high = ((highOnes * one) + (highZeros * zero)) / (highOnes + highZeros);
        double a = (Logit(high) - Logit(low)) / (Logit(High) - Logit(Low));
        double b = Logit(low) - (a * Logit(Low));
        float[] values = Calibrator.Fit(CalibrationMethod.Platt, labels, said);
        Assert.Equal([1, a, b], values.Select(value => (double)value), (x, y) => Math.Abs(x - y) < 2e-5);
    }

    // max over a ≤ i of min over b ≥ i of the mean of a..b: what pooling gives, by its other definition.
    [Fact]
    public void Isotonic_regression_is_the_largest_of_the_least_means()
    {
        var random = new Random(5);
        for (int round = 0; round < 40; round++)
        {
            int count = random.Next(3, 25);
            float[] said = [.. Enumerable.Range(0, count).Select(_ => (float)Math.Round(random.NextDouble(), 1))];
            int[] labels = [.. said.Select((p, i) => i < 2 ? i : random.NextDouble() < (0.3 + (0.4 * p)) ? 1 : 0)];
            float[] distinct = [.. said.Distinct().Order()];
            (int Rows, int Ones)[] groups = [.. distinct.Select(p => (said.Count(q => q == p), said.Where((q, i) => q == p && labels[i] == 1).Count()))];
            var calibration = new ProbabilityCalibration(Calibrator.Fit(CalibrationMethod.Isotonic, labels, said));
            for (int i = 0; i < distinct.Length; i++)
            {
                double expected = Enumerable.Range(0, i + 1).Max(from => Enumerable.Range(i, distinct.Length - i).Min(to =>
                    groups[from..(to + 1)].Sum(group => (double)group.Ones) / groups[from..(to + 1)].Sum(group => group.Rows)));
                Assert.Equal(expected, calibration.Apply(distinct[i]), 1e-6);
            }
        }
    }

    [Fact]
    public void Isotonic_knots_are_within_0_and_1_and_level_steps_are_one()
    {
        // 1.0000001 is 1; 0.2, 0.3 and 0.4 have the same mean and are one step, which has two ends.
        float[] values = Calibrator.Fit(CalibrationMethod.Isotonic, [0, 1, 0, 1, 0, 1, 1], [0.2f, 0.2f, 0.3f, 0.3f, 0.4f, 0.4f, 1.0000001f]);
        Assert.Equal([2f, 0.2f, 0.5f, 0.4f, 0.5f, 1f, 1f], values);
    }

    [Theory]
    [InlineData(32, 32)]
    [InlineData(33, 32)]
    public void At_most_32_steps_are_kept_and_the_cheapest_are_merged(int steps, int kept)
    {
        // Step i has i ones of 64. Steps 10 and 11 are nearer to each other, but of a hundred times the rows, so that merging them costs more.
        (int Rows, int Ones)[] groups = [.. Enumerable.Range(0, steps).Select(i => i switch { 10 => (6400, 1000), 11 => (6400, 1050), _ => (64, i) })];
        int[] labels = [.. groups.SelectMany(group => Enumerable.Range(0, group.Rows).Select(k => k < group.Ones ? 1 : 0))];
        float[] said = [.. groups.SelectMany((group, i) => Enumerable.Repeat((i + 1) / 64f, group.Rows))];
        float[] values = Calibrator.Fit(CalibrationMethod.Isotonic, labels, said);
        int knots = (values.Length - 1) / 2;
        Assert.Equal(kept + (steps - kept), knots);
        Assert.Equal(steps > kept, values.Where((_, i) => i > 0 && i % 2 == 0).Distinct().Count() < steps);
        if (steps > kept)
        {
            int merged = Enumerable.Range(0, steps - 1).MinBy(i => Cost(i));
            Assert.Equal(values[2 + (2 * merged)], values[2 + (2 * (merged + 1))]);
        }

        double Cost(int i)
        {
            (double a, double b) = (groups[i].Rows, groups[i + 1].Rows);
            return a * b / (a + b) * Math.Pow((groups[i].Ones / a) - (groups[i + 1].Ones / b), 2);
        }
    }

    // Answers that are all right cannot be too sure, and wrong ones cannot be unsure enough: the ends of the search.
    [Theory]
    [InlineData(new[] { 0, 1 }, 0.01f)]
    [InlineData(new[] { 1, 0 }, 100f)]
    public void A_temperature_stays_within_a_hundred(int[] labels, float expected) =>
        Assert.Equal([3f, expected], Calibrator.Fit(CalibrationMethod.Temperature, labels, [0.4f, 0.6f]), (a, b) => Math.Abs(a - b) < 1e-4 * b);

    // One probability p for n rows of which k are of class 1: softmax(ln p / T) = k / n has T = logit(p) / logit(k / n).
    [Theory]
    [InlineData(0.8f, 10, 7)]
    [InlineData(0.8f, 10, 9)]
    [InlineData(0.3f, 20, 8)]
    public void A_temperature_of_one_probability_is_closed(float p, int rows, int ones)
    {
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i < ones ? 1 : 0)];
        double expected = Logit(p) / Logit((double)ones / rows);
        Assert.Equal(expected, Calibrator.Fit(CalibrationMethod.Temperature, labels, [.. Enumerable.Repeat(p, rows)])[1], 1e-4 * expected);
        Assert.Equal(expected, Calibrator.FitTemperature(labels, [.. Enumerable.Repeat(new[] { 1 - p, p }, rows)])[1], 1e-4 * expected);
    }

    [Theory]
    [InlineData("f1", "f1")]
    [InlineData("F1", "f1")]
    [InlineData("youden", "youden")]
    [InlineData("cost:5", "cost:5")]
    [InlineData("cost:1e9", "cost:1000000000")]
    [InlineData("recall:1", "recall:1")]
    [InlineData("Recall:0.001", "recall:0.001")]
    public void An_objective_is_read(string text, string expected) => Assert.Equal(expected, ThresholdObjective.Parse(text).ToString());

    [Theory]
    [InlineData("f2", "did you mean 'f1'")]
    [InlineData("accuracy", "use f1, youden, cost:R or recall:R")]
    [InlineData("0", "Unknown threshold objective '0'")]
    [InlineData("f1:2", "takes no number")]
    [InlineData("youden:1", "takes no number")]
    [InlineData("cost", "a number above 0, as in 'cost:5'")]
    [InlineData("cost:0", "a number above 0, as in 'cost:5'")]
    [InlineData("cost:-1", "a number above 0")]
    [InlineData("cost:NaN", "a number above 0")]
    [InlineData("recall", "above 0 and up to 1, as in 'recall:0.95'")]
    [InlineData("recall:0", "above 0 and up to 1")]
    [InlineData("recall:1.0001", "above 0 and up to 1")]
    public void What_is_no_objective_is_refused(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<InputException>(() => ThresholdObjective.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Objectives_score_decisions_by_their_definition()
    {
        var matrix = new EdgeInference.ModelConverter.Evaluate.ConfusionMatrix(3, 2, 5, 1);
        Assert.Equal(6.0 / 9, new ThresholdObjective(ThresholdGoal.F1).Score(matrix), 1e-15);
        Assert.Equal((3.0 / 4) + (5.0 / 7) - 1, new ThresholdObjective(ThresholdGoal.Youden).Score(matrix), 1e-15);
        Assert.Equal(-(2 + 5.0), new ThresholdObjective(ThresholdGoal.Cost, 5).Score(matrix), 1e-15);
        Assert.Equal(-2, new ThresholdObjective(ThresholdGoal.Recall, 0.75).Score(matrix));
        Assert.Equal(double.NegativeInfinity, new ThresholdObjective(ThresholdGoal.Recall, 0.751).Score(matrix));
    }

    [Fact]
    public void A_threshold_is_never_above_1_and_a_tie_goes_to_the_middle()
    {
        // Nothing up to 1 is above a row that is given 1.
        Assert.Equal(0f, ThresholdTuner.Tune([1, 0], [0.2f, 1f], new ThresholdObjective(ThresholdGoal.Cost, 100)).Threshold);
        Assert.Equal((0f, new EdgeInference.ModelConverter.Evaluate.ConfusionMatrix(1, 2, 0, 0)), ThresholdTuner.Tune([1, 0, 0], [0.2f, 1f, 1f], new ThresholdObjective(ThresholdGoal.Cost, 0.001)));

        // Between 0.2 and 0.9 all thresholds are as good: the middle of the two.
        Assert.Equal(0.55f, ThresholdTuner.Tune([0, 1], [0.2f, 0.9f], new ThresholdObjective(ThresholdGoal.Youden)).Threshold, 1e-6f);
        Assert.Contains("both classes", Assert.Throws<InputException>(() => ThresholdTuner.Tune([1, 1], [0.2f, 0.9f], new ThresholdObjective(ThresholdGoal.F1))).Message, StringComparison.Ordinal);
        Assert.Contains("both classes", Assert.Throws<InputException>(() => ThresholdTuner.Tune([0, 0], [0.2f, 0.9f], new ThresholdObjective(ThresholdGoal.F1))).Message, StringComparison.Ordinal);

        // 0.75 and 0.25 are as good and as far from the middle, which is worse: the higher one stays.
        Assert.Equal(0.75f, ThresholdTuner.Tune([1, 0, 1, 0], [0.875f, 0.625f, 0.375f, 0.125f], new ThresholdObjective(ThresholdGoal.Youden)).Threshold);
        float next = MathF.BitIncrement(0.5f);
        Assert.Equal(next, ThresholdTuner.Midway(0.5f, next));
        Assert.Equal(0.75f, ThresholdTuner.Midway(0.5f, 1f));
    }

    [Fact]
    public void A_band_ends_between_rows_and_takes_its_lower_end_in()
    {
        // At accuracy 1 the wrong rows 0.45 and 0.5 are given up; 0.5 itself lies above.
        int[] labels = [0, 0, 1, 0, 1, 1];
        float[] said = [0.1f, 0.3f, 0.45f, 0.5f, 0.7f, 0.9f];
        (float low, float high, double share) = AbstainBandTuner.Tune(labels, said, 0.5f, 1);
        Assert.Equal((0.375f, 0.6f), (low, high));
        Assert.Equal(1.0 / 3, share, 1e-12);

        // Four of six are right: nothing is given up for that, or for a bit less.
        Assert.Equal((0.5f, 0.5f, 0.0), AbstainBandTuner.Tune(labels, said, 0.5f, 4.0 / 6));
        Assert.True(AbstainBandTuner.Tune(labels, said, 0.5f, 0.667).Share > 0);

        // All rows of one side can go, also one at 1 or at 0.
        Assert.Equal((0.5f, 2f, 0.5), AbstainBandTuner.Tune([0, 0], [0.2f, 1f], 0.5f, 1));
        Assert.Equal((0f, 0.5f, 0.5), AbstainBandTuner.Tune([1, 1], [0f, 0.8f], 0.5f, 1));
    }

    [Fact]
    public void Limits_leave_half_of_the_share_to_each_score()
    {
        // 100 rows of one feature, 0 … 99: the two outermost lie 1 beyond the others.
        float[][] rows = [.. Enumerable.Range(0, 100).Select(i => new[] { (float)i })];
        double deviation = Math.Sqrt(Enumerable.Range(0, 100).Average(i => Math.Pow(i - 49.5, 2)));
        double[] distances = [.. Enumerable.Range(0, 100).Select(i => Math.Pow((i - 49.5) / deviation, 2)).OrderDescending()];
        foreach ((double share, int skipped) in new[] { (0.0, 0), (0.019, 0), (0.02, 1), (0.04, 2), (0.2, 10) })
        {
            (float[] statistics, float[] limits) = InputStatisticsFitter.Fit(rows, share);
            Assert.Equal([49.5f, (float)deviation, 0f, 99f], statistics);
            Assert.Equal(1.01 * distances[skipped], limits[1], 1e-5);

            // 1 / 28.9 is less than half a deviation, below which no range limit goes.
            Assert.Equal(0.5f, limits[0]);
        }
    }

    [Fact]
    public void Limits_and_scales_stay_numbers()
    {
        (float[] statistics, float[] limits) = InputStatisticsFitter.Fit([[0f, 7f, -0.5f], [0f, 7f, -0.5f]]);
        Assert.Equal([0f, 1f, 0f, 0f, 7f, 7f, 7f, 7f, -0.5f, 1f, -0.5f, -0.5f], statistics);
        Assert.Equal([0.5f, 1e-6f], limits);
        Assert.Equal(1e37f, InputStatisticsFitter.Fit([[-3e38f], [3e38f]]).Statistics[1]);
        Assert.Equal(1e-37f, InputStatisticsFitter.Fit([[0f], [1e-40f]]).Statistics[1]);
    }

    [Fact]
    public void Options_are_taken_at_their_bounds()
    {
        var table = new LabelledTable(["a"], [[0f], [1f]], [0, 1], ["0", "1"]);
        float[][] outputs = [[0.1f], [0.9f]];
        foreach (double accuracy in new[] { double.Epsilon, 1 })
        {
            Assert.NotNull(DecisionTuner.Tune(table, outputs, new DecisionOptions { AbstainAccuracy = accuracy }).AbstainBand);
        }

        foreach (double accuracy in new[] { 0, -1, 1.0000001, double.NaN })
        {
            Assert.Contains("above 0 and up to 1", Assert.Throws<InputException>(() => DecisionTuner.Tune(table, outputs, new DecisionOptions { AbstainAccuracy = accuracy })).Message, StringComparison.Ordinal);
        }

        Assert.NotNull(DecisionTuner.Tune(table, outputs, new DecisionOptions { UnlikeShare = 0 }).InputStatistics);
        foreach (double share in new[] { -0.0001, 1, double.NaN })
        {
            Assert.Contains("from 0 to below 1", Assert.Throws<InputException>(() => DecisionTuner.Tune(table, outputs, new DecisionOptions { UnlikeShare = share })).Message, StringComparison.Ordinal);
        }
    }

    // Calibrated first, then the threshold, then the band: as engines apply them.
    [Fact]
    public void Threshold_and_band_are_of_calibrated_probabilities()
    {
        int[] labels = [0, 0, 1, 0, 1, 1, 0, 1];
        float[] said = [0.01f, 0.02f, 0.03f, 0.04f, 0.05f, 0.06f, 0.065f, 0.07f];
        var table = new LabelledTable(["a"], [.. said.Select(p => new[] { p })], labels, ["0", "1"]);
        DecisionSettings settings = DecisionTuner.Tune(table, [.. said.Select(p => new[] { p })], new DecisionOptions
        {
            Calibration = CalibrationMethod.Platt, Threshold = new ThresholdObjective(ThresholdGoal.Youden), AbstainAccuracy = 0.9,
        });
        var calibration = new ProbabilityCalibration(settings.Calibration!);
        float[] calibrated = Array.ConvertAll(said, calibration.Apply);
        Assert.Equal(ThresholdTuner.Tune(labels, calibrated, new ThresholdObjective(ThresholdGoal.Youden)).Threshold, settings.Threshold);
        (float low, float high, double share) = AbstainBandTuner.Tune(labels, calibrated, settings.Threshold!.Value, 0.9);
        Assert.Equal([low, high], settings.AbstainBand!);
        Assert.Equal(share, settings.AbstainedShare);
        Assert.True(settings.Threshold > 0.2f);

        // Of statistics the training rows are taken where there are any.
        DecisionSettings statistics = DecisionTuner.Tune(table, [.. said.Select(p => new[] { p })], new DecisionOptions { UnlikeShare = 0.1 }, [[5f], [7f]]);
        Assert.Equal([6f, 1f, 5f, 7f], statistics.InputStatistics!);
    }

    [Fact]
    public void Calibrated_outputs_keep_their_form_and_their_order()
    {
        foreach (int width in new[] { 1, 2 })
        {
            var builder = new ModelBuilder();
            int input = builder.AddTensor(TensorType.Float32, [1, width], 0);
            int output = builder.AddTensor(TensorType.Float32, [1, width], 64);
            builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
            builder.AddInput(input);
            builder.AddOutput(output, OutputRole.Probability);
            builder.AddFloats(MetadataKey.Calibration, [(float)CalibrationMethod.Platt, 1f, 1f]);
            using EdgeModel model = EdgeModel.Load(builder.Build());
            float[] calibrated = CalibratedOutputs.Of(model, [width == 1 ? [0.7f] : [0.3f, 0.7f]])[0];
            double expected = 1 / (1 + Math.Exp(-Logit(0.7) - 1));
            Assert.Equal(width, calibrated.Length);
            Assert.Equal(expected, calibrated[^1], 1e-6);
            Assert.Equal(width == 1 ? expected : 1 - expected, calibrated[0], 1e-6);
        }
    }

    [Fact]
    public void A_tuned_record_takes_the_place_of_the_old_one()
    {
        var old = new EdgeInference.ModelConverter.Graphs.GraphMetadata { Threshold = 0.8f, Floats = new Dictionary<MetadataKey, float[]> { [MetadataKey.AbstainBand] = [0.1f, 0.2f], [MetadataKey.InputLimits] = [1f, 2f] } };
        EdgeInference.ModelConverter.Graphs.GraphMetadata tuned = new DecisionSettings { Threshold = 0.3f, AbstainBand = [0.4f, 0.6f] }.ApplyTo(old);
        Assert.Equal(0.3f, tuned.Threshold);
        Assert.Equal([0.4f, 0.6f], tuned.Floats[MetadataKey.AbstainBand]);
        Assert.Equal([1f, 2f], tuned.Floats[MetadataKey.InputLimits]);
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
