extern alias nano;

using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests;

/// <summary>The classifiers of both engines against the rule as the documents say it, at every tie, threshold and end of the abstain band.</summary>
public class DecisionReferenceTests
{
    private static readonly float[] values = [0f, 0.25f, 0.3f, 0.5f, 0.6f, 1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Both_engines_decide_by_the_documented_rule(int width)
    {
        foreach (OutputRole role in new[] { OutputRole.Probability, OutputRole.Score })
        {
            foreach (float? threshold in new float?[] { null, 0f, 0.25f, 0.3f, 0.5f, 1f })
            {
                foreach (float[] band in new float[][] { [], [0.25f, 0.6f], [0f, 0.3f], [0.3f, 2f], [0.5f, 0.5f] })
                {
                    byte[] file = Model(width, role, threshold, band, null, null);
                    using EdgeModel model = EdgeModel.Load(file);
                    using var desktop = new Classifier(model);
                    var device = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
                    for (int i = 0; i < Math.Pow(values.Length, Math.Min(3, width)); i++)
                    {
                        float[] row = [.. Enumerable.Range(0, width).Select(column => values[i / (int)Math.Pow(values.Length, column % 3) % values.Length])];
                        (int expected, DecisionReason reason, float probability) = Expected(row, role, threshold ?? 0.5f, band);
                        Decision decision = desktop.Classify(row);
                        string what = $"{role} {threshold} [{string.Join(',', band)}] of {string.Join(' ', row)}";
                        Assert.True((expected, reason) == (decision.ClassIndex, decision.Reason), $"{what}: {decision}, not {expected} {reason}");
                        Assert.Equal(probability, decision.Probability);
                        Assert.True(expected == device.Classify(row), what);
                        Assert.Equal((probability, (int)reason), (device.Probability, (int)device.Reason));
                        Assert.Equal(expected < 0 ? "" : "c" + expected, decision.ClassText);
                        Assert.Equal(decision.ClassText, device.ClassText(expected));
                        Assert.Equal(Shown(row, role), desktop.Probabilities.ToArray());
                        Assert.Equal(Shown(row, role), device.Probabilities);
                    }
                }
            }
        }
    }

    /// <summary>What lies outside the range and far from the mean, in deviations and over the limits.</summary>
    [Fact]
    public void Unlikeness_is_the_documented_one_on_both_engines()
    {
        float[] statistics = [1f, 2f, -1f, 3f, 0f, 0.5f, -1f, 1f];
        foreach (float[]? limits in new float[]?[] { null, [2f, 4f] })
        {
            byte[] file = Model(2, OutputRole.Probability, null, [], statistics, limits);
            using EdgeModel model = EdgeModel.Load(file);
            using var desktop = new Classifier(model);
            var device = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
            foreach (float[] row in new float[][] { [1, 0], [3, 1], [5, 1], [5.5f, 0], [-3, 0], [-3.5f, 0], [1, 1.5f], [1, -1.75f], [20, -20], [-1, -1], [1, 3], [float.NaN, 0], [float.PositiveInfinity, 0] })
            {
                double range = new[] { 0, (row[0] - 3) / 2, (-1 - row[0]) / 2, (row[1] - 1) / 0.5, (-1 - row[1]) / 0.5 }.Max();
                double distance = (Math.Pow((row[0] - 1) / 2, 2) + Math.Pow(row[1] / 0.5, 2)) / 2;
                double expected = Math.Max(range / (limits?[0] ?? 1), distance / (limits?[1] ?? 9));
                Decision decision = desktop.Classify(row);
                device.Classify(row);
                Assert.Equal(double.IsNaN(expected) ? double.PositiveInfinity : expected, decision.OutlierScore, 1e-6);
                Assert.Equal(decision.OutlierScore, device.OutlierScore);
                Assert.Equal(!(expected <= 1), decision.IsUnlikeTrainingData);
            }
        }
    }

    [Fact]
    public void A_class_has_its_text_or_its_number_and_no_other_class_is_there()
    {
        byte[] file = Model(3, OutputRole.Probability, null, [], null, null);
        using EdgeModel model = EdgeModel.Load(file);
        using var desktop = new Classifier(model);
        var device = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
        Assert.Equal((3, 3, 3), (desktop.ClassCount, device.ClassCount, desktop.InputLength));
        Assert.Equal(("", "c0", "c2"), (desktop.ClassText(-1), desktop.ClassText(0), desktop.ClassText(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => desktop.ClassText(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => desktop.ClassText(-2));
        Assert.Throws<ArgumentException>(() => device.ClassText(3));
        Assert.Throws<ArgumentException>(() => device.ClassText(-2));
        Assert.True(float.IsNaN(desktop.Threshold) && float.IsNaN(device.Threshold));
        Assert.Throws<InvalidOperationException>(() => desktop.Threshold = 0.5f);
        Assert.Throws<InvalidOperationException>(() => device.Threshold = 0.5f);
        Assert.Throws<ArgumentException>(() => desktop.Classify([1, 2]));
        Assert.Throws<ArgumentException>(() => desktop.Classify([1, 2, 3, 4]));
    }

    [Fact]
    public void A_threshold_that_is_set_is_the_one_that_decides()
    {
        byte[] file = Model(1, OutputRole.Probability, 0.9f, [], null, null);
        using EdgeModel model = EdgeModel.Load(file);
        using var desktop = new Classifier(model);
        var device = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
        Assert.Equal((0.9f, 0.9f), (desktop.Threshold, device.Threshold));
        desktop.Threshold = device.Threshold = 0.25f;
        Assert.Equal((1, 1), (desktop.Classify([0.25f]).ClassIndex, device.Classify([0.25f])));
        Assert.Equal((0, 0), (desktop.Classify([0.24999999f]).ClassIndex, device.Classify([0.24999999f])));
        foreach (float wrong in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => desktop.Threshold = wrong);
            Assert.Throws<ArgumentException>(() => device.Threshold = wrong);
        }

        Assert.Equal((0.25f, 0.25f), (desktop.Threshold, device.Threshold));
    }

    /// <summary>A classifier on a model with state goes on from where it is, until it is told of a new sequence.</summary>
    [Fact]
    public void Reset_begins_a_new_sequence()
    {
        byte[] file = Sum();
        using EdgeModel model = EdgeModel.Load(file);
        using var desktop = new Classifier(model);
        var device = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
        for (int sequence = 0; sequence < 2; sequence++)
        {
            Assert.Equal((0, 0), (desktop.Classify([0.3f]).ClassIndex, device.Classify([0.3f])));
            Assert.Equal((1, 1), (desktop.Classify([0.3f]).ClassIndex, device.Classify([0.3f])));
            desktop.Reset();
            device.Reset();
        }
    }

    /// <summary>docs/decisions-quality.md: probabilities are kept 2⁻²⁰ from 0 and 1 before a logarithm; isotonic knots are joined by lines.</summary>
    [Fact]
    public void A_calibration_is_its_formula_on_both_engines()
    {
        float[] grid = [0f, 1e-7f, 1e-6f, 0.01f, 0.1f, 0.15f, 0.2f, 0.25f, 0.3f, 0.5f, 0.6f, 0.625f, 0.75f, 0.9f, 0.95f, 0.999f, 0.9999999f, 1f];
        float[] knots = [0.1f, 0.05f, 0.2f, 0.3f, 0.3f, 0.3f, 0.6f, 0.5f, 0.75f, 0.8f, 0.9f, 0.97f];
        (float[] Record, Func<double, double> Formula)[] methods =
        [
            ([(int)CalibrationMethod.Platt, 2f, -0.7f], p => Sigmoid((2 * Logit(p)) - (double)0.7f)),
            ([(int)CalibrationMethod.Platt, 0.5f, 0.25f], p => Sigmoid((0.5 * Logit(p)) + 0.25)),
            ([(int)CalibrationMethod.Temperature, 2.5f], p => Sigmoid(Logit(p) / 2.5)),
            ([(int)CalibrationMethod.Isotonic, .. knots], p => Line(knots, p)),
        ];
        foreach ((float[] record, Func<double, double> formula) in methods)
        {
            byte[] file = Model(1, OutputRole.Probability, null, [], null, null, record);
            using EdgeModel model = EdgeModel.Load(file);
            using var desktop = new Classifier(model);
            var device = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
            foreach (float p in grid)
            {
                double expected = formula(p);
                float actual = desktop.Classify([p]).Probability;
                device.Classify([p]);
                Assert.True(Math.Abs(expected - actual) <= 3e-6 * Math.Max(1e-4, Math.Min(expected, 1)) + 2e-7, $"{(CalibrationMethod)record[0]} of {p} is {actual}, not {expected}");
                Assert.Equal(actual, device.Probability);
                Assert.Equal([1 - actual, actual], desktop.Probabilities.ToArray());
            }
        }

        byte[] several = Model(3, OutputRole.Probability, null, [], null, null, [(int)CalibrationMethod.Temperature, 2f]);
        using EdgeModel three = EdgeModel.Load(several);
        using var classifier = new Classifier(three);
        var nano = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(several)));
        foreach (float[] row in new float[][] { [0.7f, 0.2f, 0.1f], [0.01f, 0.01f, 0.98f], [0.4f, 0.4f, 0.2f], [0f, 1f, 0f], [0.25f, 0.25f, 0.5f] })
        {
            double[] roots = [.. row.Select(p => Math.Sqrt(Math.Max(p, Math.Pow(2, -20))))];
            Decision decision = classifier.Classify(row);
            Assert.Equal(decision.ClassIndex, nano.Classify(row));
            Assert.Equal(Array.IndexOf(row, row.Max()), decision.ClassIndex);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(roots[i] / roots.Sum(), classifier.Probabilities[i], 2e-6);
                Assert.Equal(classifier.Probabilities[i], nano.Probabilities[i]);
            }

            Assert.Equal(classifier.Probabilities[decision.ClassIndex], decision.Probability);
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Logit(double p)
    {
        double kept = Math.Max(Math.Pow(2, -20), Math.Min(1 - Math.Pow(2, -20), p));
        return Math.Log(kept / (1 - kept));
    }

    private static double Line(float[] knots, double x)
    {
        int count = knots.Length / 2;
        for (int i = 0; i < count - 1; i++)
        {
            double low = knots[2 * i];
            double high = knots[(2 * i) + 2];
            if (x >= low && x < high)
            {
                return knots[(2 * i) + 1] + ((x - low) / (high - low) * (knots[(2 * i) + 3] - knots[(2 * i) + 1]));
            }
        }

        return x < knots[0] ? knots[1] : knots[^1];
    }

    /// <summary>An infinite input is never accepted, NaN where the file defines missing values, whatever the outputs are.</summary>
    [Fact]
    public void Inputs_that_are_not_finite_are_refused_though_the_outputs_are_finite()
    {
        foreach (bool missing in new[] { false, true })
        {
            var builder = new ModelBuilder();
            int input = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int output = builder.AddTensor(TensorType.Float32, [1, 2], 64);
            builder.AddOperator(Opcode.Unary, [input], [output], [(int)UnaryKind.Not, 0, 0]);
            builder.AddInput(input);
            builder.AddOutput(output, OutputRole.Probability);
            if (missing)
            {
                builder.AddBytes(MetadataKey.MissingValues, []);
            }

            byte[] file = builder.Build();
            using EdgeModel model = EdgeModel.Load(file);
            using var desktop = new Classifier(model);
            var device = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
            foreach ((float[] row, bool accepted) in new[]
            {
                (new[] { 1f, 0f }, true), ([float.NaN, 0f], missing), ([float.PositiveInfinity, 0f], false), ([float.NegativeInfinity, 0f], false),
                ([1f, float.PositiveInfinity], false), ([float.NaN, float.PositiveInfinity], false),
            })
            {
                DecisionReason reason = accepted ? DecisionReason.Decided : DecisionReason.NotFinite;
                Assert.Equal((accepted ? 1 : -1, reason), (desktop.Classify(row).ClassIndex, desktop.Reason));
                Assert.Equal((accepted ? 1 : -1, (int)reason), (device.Classify(row), (int)device.Reason));
            }
        }
    }

    // Classifier's remarks: one value p is 1 − p and p, a score −s and s; of two classes class 1 from the threshold on, at 0.5 the
    // higher of two outputs, of scores half the difference; of more the highest, the first of equals. low ≤ p < high is no decision.
    private static (int Class, DecisionReason Reason, float Probability) Expected(float[] row, OutputRole role, float threshold, float[] band)
    {
        if (row.Any(value => !float.IsFinite(value)))
        {
            return (-1, DecisionReason.NotFinite, float.NaN);
        }

        float p = row.Length == 1 ? row[0] : row.Length > 2 ? row.Max() : role == OutputRole.Score ? (row[1] - row[0]) / 2 : row[1];
        int best = row.Length > 2 ? Array.IndexOf(row, row.Max())
            : row.Length == 2 && role == OutputRole.Probability && threshold == 0.5f ? (row[1] > row[0] ? 1 : 0)
            : p >= threshold ? 1 : 0;
        return band.Length == 2 && p >= band[0] && p < band[1] ? (-1, DecisionReason.AbstainBand, p) : (best, DecisionReason.Decided, p);
    }

    private static float[] Shown(float[] row, OutputRole role) =>
        row.Any(value => !float.IsFinite(value)) ? [.. Enumerable.Repeat(float.NaN, Math.Max(2, row.Length))]
        : row.Length > 1 ? row
        : role == OutputRole.Score ? [-row[0], row[0]] : [1 - row[0], row[0]];

    private static byte[] Model(int width, OutputRole role, float? threshold, float[] band, float[]? statistics, float[]? limits, float[]? calibration = null)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, width], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, width], 64);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, role);
        builder.AddTextList(MetadataKey.Labels, Enumerable.Range(0, Math.Max(2, width)).Select(i => "c" + i));
        foreach ((MetadataKey key, float[]? record) in new (MetadataKey, float[]?)[]
        {
            (MetadataKey.Threshold, threshold is { } value ? [value] : null),
            (MetadataKey.AbstainBand, band.Length == 2 ? band : null),
            (MetadataKey.InputStatistics, statistics),
            (MetadataKey.InputLimits, limits),
            (MetadataKey.Calibration, calibration),
        })
        {
            if (record is not null)
            {
                builder.AddFloats(key, record);
            }
        }

        return builder.Build();
    }

    private static byte[] Sum()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 1, 1], 0);
        int all = builder.AddTensor(TensorType.Float32, [1, 1, 1], 64);
        int state = builder.AddTensor(TensorType.Float32, [1, 1], 128, storage: TensorStorage.State);
        int unit = builder.AddConstant(TensorType.Float32, [1, 1], BitConverter.GetBytes(1f));
        builder.AddOperator(Opcode.RNN, [x, unit, unit, -1, state], [all, state], [(int)ActivationKind.Linear, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(all, OutputRole.Probability);
        return builder.Build();
    }
}
