using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;

namespace EdgeInference.Tool.Tests.Train;

/// <summary>The parts of training, each against its definition: split, standardisation, first weights, order, sums, bounds.</summary>
public sealed class TrainingPartsTests
{
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0.15, 3, 1, 0)]
    [InlineData(0.5, 10, 3, 1)]
    [InlineData(0.99, 19, 6, 1)]
    public void Of_each_class_the_share_rounded_down_is_kept_out(double share, int first, int second, int third)
    {
        int[] labels = [.. Enumerable.Repeat(0, 20).Concat(Enumerable.Repeat(1, 7)).Concat(Enumerable.Repeat(2, 2)).OrderBy(label => (label * 7919) % 5)];
        (int[] training, int[] kept) = StratifiedSplit.Of(labels, 3, share, new Xoshiro256(4));
        Assert.Equal(Enumerable.Range(0, 29), training.Concat(kept).Order());
        Assert.Equal([first, second, third], Enumerable.Range(0, 3).Select(c => kept.Count(row => labels[row] == c)));
    }

    [Fact]
    public void Which_rows_are_kept_out_is_chance_and_each_is_as_likely()
    {
        int[] times = new int[10];
        for (ulong seed = 0; seed < 2000; seed++)
        {
            foreach (int row in StratifiedSplit.Of(new int[10], 1, 0.3, new Xoshiro256(seed)).Second)
            {
                times[row]++;
            }
        }

        // 600 each; six standard deviations are 123.
        Assert.All(times, count => Assert.InRange(count, 600 - 123, 600 + 123));
        Assert.Equal(StratifiedSplit.Of(new int[10], 1, 0.3, new Xoshiro256(5)).Second, StratifiedSplit.Of(new int[10], 1, 0.3, new Xoshiro256(5)).Second);
    }

    [Fact]
    public void A_training_tells_its_rows_apart_and_standardises_by_the_trained_ones_alone()
    {
        LabelledTable table = TrainingData.Blobs(2, 3, 60, seed: 8);
        TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 1, ValidationFraction = 0.25 });
        Assert.Equal((46, 14), (model.TrainingRows.Rows.Count, model.ValidationRows.Rows.Count));
        Assert.Equal([7, 7], Enumerable.Range(0, 2).Select(c => model.ValidationRows.Labels.Count(label => label == c)));
        Assert.Equal(table.Rows.Select(row => row[0]).Order(), model.TrainingRows.Rows.Concat(model.ValidationRows.Rows).Select(row => row[0]).Order());

        // In the order of the table, with their own labels.
        foreach (LabelledTable part in new[] { model.TrainingRows, model.ValidationRows })
        {
            int[] places = [.. part.Rows.Select(row => table.Rows.ToList().IndexOf(row))];
            Assert.Equal(places.Order(), places);
            Assert.Equal(places.Select(place => table.Labels[place]), part.Labels);
        }

        for (int i = 0; i < 3; i++)
        {
            double mean = model.TrainingRows.Rows.Average(row => (double)row[i]);
            Assert.Equal(mean, model.Encoding.Standardisation!.Means[i], 1e-12);
            Assert.Equal(Math.Sqrt(model.TrainingRows.Rows.Average(row => (row[i] - mean) * (row[i] - mean))), model.Encoding.Standardisation!.Deviations[i], 1e-12);
        }
    }

    [Fact]
    public void A_feature_that_never_varies_has_deviation_1_and_is_constant()
    {
        var moments = Standardisation.Of([[1, 0.1f, 5], [3, 0.1f, 5], [5, 0.1f, 5.0000005f]], 3);
        Assert.Equal([false, true, false], moments.IsConstant);
        Assert.Equal(3, moments.Means[0]);
        Assert.Equal(0.1f, moments.Means[1]);
        Assert.Equal(Math.Sqrt(8.0 / 3), moments.Deviations[0], 1e-15);
        Assert.Equal(1, moments.Deviations[1]);
        Assert.Equal([1 / Math.Sqrt(8.0 / 3), 0], moments.Apply([4, 0.1f, 5])[..2], (a, b) => Math.Abs(a - b) < 1e-15);
    }

    // Near 1 a step of float32 is 2⁻²³ above and the deviation of ±d is d.
    [Theory]
    [InlineData(21, false)]
    [InlineData(19, true)]
    public void A_feature_is_coarse_where_a_deviation_has_fewer_than_20_steps(int steps, bool isCoarse)
    {
        float high = 1.5f + (steps * 1.1920929e-7f);
        float low = 1.5f - (steps * 1.1920929e-7f);
        Assert.Equal(isCoarse ? [0] : [], Standardisation.Of([[low], [high]], 1).Coarse());
        Assert.Equal(isCoarse ? [0] : [], Standardisation.Of([[-low], [-high]], 1).Coarse());
        Assert.Empty(Standardisation.Of([[high], [high]], 1).Coarse());
        Assert.Empty(Standardisation.Of([[1e9f], [1e9f]], 1).Coarse());
        Assert.Equal([0], Standardisation.Of([[1e9f], [1e9f + 64]], 1).Coarse());
    }

    // He, Glorot and LeCun, as their papers have them: a uniform number on ±limit has variance limit² / 3.
    [Fact]
    public void First_weights_have_the_variance_of_the_papers()
    {
        ActivationKind[] glorot = [ActivationKind.Linear, ActivationKind.Step, ActivationKind.Sigmoid, ActivationKind.HardSigmoid, ActivationKind.Tanh, ActivationKind.Softsign];
        foreach (ActivationFunction function in ActivationFunctions.All)
        {
            double variance = function.Kind switch
            {
                ActivationKind.SELU => 1.0 / 30,
                ActivationKind.LeakyReLU => 2.0 / (1.0001 * 30),
                ActivationKind.PReLU => 2.0 / (1.0625 * 30),
                var kind when glorot.Contains(kind) => 2.0 / (30 + 7),
                _ => 2.0 / 30,
            };
            Assert.Equal(variance, Math.Pow(WeightInitialization.Limit(function.Kind, function.DefaultAlpha, 30, 7), 2) / 3, 1e-8);
        }

        var network = new Network(30, [40], ActivationKind.ReLU, 1);
        double[] parameters = network.Initialize(new Xoshiro256(1));
        double[] weights = parameters[..(30 * 40)];
        double limit = Math.Sqrt(6.0 / 30);
        Assert.InRange(weights.Max(), 0.98 * limit, limit);
        Assert.InRange(weights.Min(), -limit, -0.98 * limit);
        Assert.Equal(0, weights.Average(), 6 * limit / Math.Sqrt(3 * 1200));
        Assert.All(parameters[(30 * 40)..((30 * 40) + 40)], bias => Assert.Equal(0, bias));
        Assert.Equal((30 * 40) + 40 + 40 + 1, network.ParameterCount);
        Assert.Equal(((3 * 4) + 4 + 4) + (4 + 1), new Network(3, [4], ActivationKind.PReLU, 1).ParameterCount);
    }

    [Fact]
    public void Every_order_is_as_likely()
    {
        var random = new Xoshiro256(2);
        var times = new Dictionary<string, int>();
        for (int i = 0; i < 6000; i++)
        {
            int[] items = [0, 1, 2];
            random.Shuffle(items);
            string order = string.Join(',', items);
            times[order] = times.GetValueOrDefault(order) + 1;
        }

        // 1,000 each; six standard deviations are 173.
        Assert.Equal(6, times.Count);
        Assert.All(times.Values, count => Assert.InRange(count, 827, 1173));
        double[] doubles = [.. Enumerable.Range(0, 4000).Select(_ => random.NextDouble())];
        Assert.InRange(doubles.Min(), 0, 0.005);
        Assert.InRange(doubles.Max(), 0.995, 0.99999999999);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(0, random.Next(1)));
    }

    [Fact]
    public void The_two_inner_loops_add_up_at_every_length()
    {
        var random = new Random(3);
        for (int length = 0; length < 40; length++)
        {
            double[] x = [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
            double[] y = [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
            Assert.Equal(x.Zip(y, (a, b) => a * b).Sum(), VectorMath.Dot(x, y), 1e-14);
            double[] expected = [.. y.Zip(x, (b, a) => b + (0.3 * a))];
            VectorMath.AddScaled(y, 0.3, x);
            Assert.Equal(expected, y);
        }
    }

    public static TheoryData<string> Options => [.. bounds.Keys];

    private static readonly Dictionary<string, (TrainingOptions[] Good, TrainingOptions[] Bad)> bounds = new()
    {
        ["hidden sizes"] = ([new() { HiddenSizes = [] }, new() { HiddenSizes = [1] }, new() { HiddenSizes = [4096] }], [new() { HiddenSizes = [0] }, new() { HiddenSizes = [4097] }, new() { HiddenSizes = [8, -1] }]),
        ["activation number"] = ([new() { HiddenActivation = 0 }, new() { HiddenActivation = (ActivationKind)(ActivationFunctions.All.Count - 1) }], [new() { HiddenActivation = (ActivationKind)(-1) }, new() { HiddenActivation = (ActivationKind)ActivationFunctions.All.Count }]),
        ["learning rate"] = ([new() { LearningRate = double.Epsilon }], [new() { LearningRate = 0 }, new() { LearningRate = -1 }, new() { LearningRate = double.NaN }, new() { LearningRate = double.PositiveInfinity }]),
        ["batch size"] = ([new() { BatchSize = 1 }], [new() { BatchSize = 0 }]),
        ["number of epochs"] = ([new() { Epochs = 1 }], [new() { Epochs = 0 }]),
        ["L2"] = ([new() { L2 = 0 }], [new() { L2 = -double.Epsilon }, new() { L2 = double.NaN }, new() { L2 = double.PositiveInfinity }]),
        ["validation fraction"] = ([new() { ValidationFraction = 0 }, new() { ValidationFraction = Math.BitDecrement(1.0) }], [new() { ValidationFraction = 1 }, new() { ValidationFraction = -double.Epsilon }, new() { ValidationFraction = double.NaN }]),
        ["patience"] = ([new() { Patience = 1 }], [new() { Patience = 0 }]),
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void An_option_is_taken_at_its_bound_and_refused_past_it(string name)
    {
        (TrainingOptions[] good, TrainingOptions[] bad) = bounds[name];
        Assert.All(good, options => options.Check());
        Assert.All(bad, options => Assert.Contains(name, Assert.Throws<InputException>(options.Check).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Fine_tuning_has_the_documented_defaults_and_bounds()
    {
        var options = new FineTuningOptions();
        Assert.Equal((0.0005, 32, 40, 0.0, 10, 1UL), (options.LearningRate, options.BatchSize, options.Epochs, options.L2, options.Patience, options.Seed));
        foreach (FineTuningOptions bad in new[] { options with { LearningRate = 0 }, options with { BatchSize = 0 }, options with { Epochs = 0 }, options with { L2 = -1 }, options with { Patience = 0 } })
        {
            Assert.Throws<InputException>(bad.Check);
        }
    }

    [Fact]
    public void Two_classes_have_one_logit_and_three_have_three()
    {
        Assert.Equal(1, Trainer.Train(TrainingData.Blobs(2, 3, 30, seed: 1), new TrainingOptions { Epochs = 1 }).Network.Layers[^1].Outputs);
        Assert.Equal(3, Trainer.Train(TrainingData.Blobs(3, 3, 30, seed: 1), new TrainingOptions { Epochs = 1 }).Network.Layers[^1].Outputs);
        LabelledTable table = TrainingData.Blobs(2, 3, 30, seed: 1);
        Assert.Contains("at least one feature", Assert.Throws<InputException>(() => Trainer.Train(table with { Names = [], Rows = [.. table.Rows.Select(_ => Array.Empty<float>())] }, new TrainingOptions())).Message, StringComparison.Ordinal);
    }

    // A penalty on a weight alone: biases and slopes have none.
    [Fact]
    public void The_penalty_is_on_weights_alone()
    {
        var network = new Network(2, [3], ActivationKind.PReLU, 1);
        double[] parameters = [.. Enumerable.Range(1, network.ParameterCount).Select(i => 0.1 * i)];
        var without = new double[parameters.Length];
        var with = new double[parameters.Length];
        double plain = network.Gradient(parameters, [[1, -1]], [1], [0], 0, without);
        Assert.Equal(plain, network.Gradient(parameters, [[1, -1]], [1], [0], 0.5, with));
        foreach (LayerLayout layer in network.Layers)
        {
            for (int i = layer.Weights; i < layer.Weights + layer.WeightCount; i++)
            {
                Assert.Equal(0.5 * parameters[i], with[i] - without[i], 1e-12);
            }

            for (int i = layer.Bias; i < layer.Bias + layer.Outputs; i++)
            {
                Assert.Equal(without[i], with[i]);
            }

            for (int i = 0; layer.Slopes >= 0 && i < layer.Outputs; i++)
            {
                Assert.Equal(without[layer.Slopes + i], with[layer.Slopes + i]);
            }
        }
    }

    // A pressure near 101325 with a deviation of 50 folds, one with a deviation of 1 is centred first: both give the same.
    [Theory]
    [InlineData(101325, 50)]
    [InlineData(101325, 1)]
    [InlineData(-3, 0.5)]
    public void The_graph_takes_raw_features_wherever_they_lie(double centre, double deviation)
    {
        var random = new Random(3);
        float[][] rows = [.. Enumerable.Range(0, 80).Select(i => new[] { (float)(centre + (deviation * (random.NextDouble() - (i % 2)))), (float)random.NextDouble() })];
        var table = new LabelledTable(["p", "x"], rows, [.. Enumerable.Range(0, 80).Select(i => i % 2)], ["0", "1"]);
        TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 30 });
        using EdgeInference.Runtime.EdgeModel edge = EdgeInference.Runtime.EdgeModel.Load(EdgeInference.ModelConverter.Plan.ModelWriter.Write(model.ToGraph()));
        using EdgeInference.Runtime.Session session = edge.CreateSession();
        float[] output = new float[1];
        foreach (float[] row in rows)
        {
            session.Run(row, output);
            Assert.Equal(model.Probabilities(row)[1], output[0], 1e-3);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_label_that_is_no_class_is_named(int label)
    {
        LabelledTable table = TrainingData.Blobs(3, 3, 30, seed: 1);
        table.Labels[7] = label;
        Assert.Equal($"Row 7 has the label {label}; expected an index of a class, 0 to 2.", Assert.Throws<InputException>(() => Trainer.Train(table, new TrainingOptions())).Message);
    }

    [Theory]
    [InlineData(1000, "No row has the label '1'")]
    [InlineData(1001, "The labels have 1001 classes; at most 1000 are supported")]
    public void A_classifier_has_up_to_1000_classes(int classes, string expected)
    {
        var table = new LabelledTable(["x"], [[1f]], [0], [.. Enumerable.Range(0, classes).Select(i => $"{i}")]);
        Assert.Contains(expected, Assert.Throws<InputException>(() => Trainer.Train(table, new TrainingOptions())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_class_without_a_row_is_named(int missing)
    {
        LabelledTable table = TrainingData.Blobs(3, 3, 30, seed: 1);
        int other = missing == 0 ? 1 : 0;
        LabelledTable lacking = table with { Labels = Array.ConvertAll(table.Labels, label => label == missing ? other : label) };
        Assert.Contains($"No row has the label 'class{missing}'", Assert.Throws<InputException>(() => Trainer.Train(lacking, new TrainingOptions())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.25, 0.5)]
    [InlineData(1.25, 1.5)]
    [InlineData(0.75, 1)]
    [InlineData(-0.25, -0.5)]
    [InlineData(-1.25, -1.5)]
    [InlineData(-63.75, -64)]
    [InlineData(-64.3, -64)]
    [InlineData(63.4, 63.5)]
    [InlineData(63.9, 63.5)]
    public void A_half_is_rounded_away_from_0_between_the_ends(double value, double rounded) =>
        Assert.Equal(rounded, new FakeQuantizer(new EdgeInference.ModelConverter.Graphs.Quantization(0.5f, 0)).Round(value));

    [Fact]
    public void Slopes_begin_at_a_quarter_in_every_unit()
    {
        var network = new Network(2, [3, 4], ActivationKind.PReLU, 1);
        double[] parameters = network.Initialize(new Xoshiro256(1));
        foreach (LayerLayout layer in network.Layers[..2])
        {
            Assert.All(parameters[layer.Slopes..(layer.Slopes + layer.Outputs)], slope => Assert.Equal(0.25, slope));
        }
    }

    // Below 1 a step of float32 is half of that above: what counts is the step away from 0, on both sides of it.
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_step_is_that_away_from_0(int sign)
    {
        const float Part = 15 * 1.1920929e-7f;
        Assert.Equal([0], Standardisation.Of([[sign * (1f - Part)], [sign * (1f + Part)]], 1).Coarse());
    }

    // Half a step beyond the ends rounds to the ends; from there on values are clipped.
    [Theory]
    [InlineData(0, true)]
    [InlineData(-0.25, true)]
    [InlineData(-0.2501, false)]
    [InlineData(127.5, true)]
    [InlineData(127.75, true)]
    [InlineData(127.7501, false)]
    public void A_value_is_clipped_more_than_half_a_step_beyond_an_end(double value, bool holds) =>
        Assert.Equal(holds, new FakeQuantizer(new EdgeInference.ModelConverter.Graphs.Quantization(0.5f, -128)).Holds(value));
}
