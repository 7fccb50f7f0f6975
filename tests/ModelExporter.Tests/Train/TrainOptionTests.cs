using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;

namespace EdgeInference.Tool.Tests.Train;

/// <summary>Each option of training and of fine-tuning by what it must do, and the optimizers by the formulas of their papers.</summary>
public sealed class TrainOptionTests
{
    // Gradients as small as Adam's ε, so that ε is seen; some of them 0.
    [Theory]
    [InlineData(1.0)]
    [InlineData(1e-8)]
    [InlineData(1e-9)]
    public void Adam_steps_as_algorithm_1_of_its_paper(double size)
    {
        var random = new Random(2);
        double[] actual = [0.5, -1, 2];
        double[] expected = [.. actual];
        double[] m = new double[3];
        double[] v = new double[3];
        var adam = new Adam(0.1, 3);
        for (int t = 1; t <= 20; t++)
        {
            double[] gradient = [size * (random.NextDouble() - 0.4), size * random.NextDouble(), t % 3 == 0 ? size : 0];
            adam.Step(actual, [.. gradient]);
            for (int i = 0; i < 3; i++)
            {
                m[i] = (0.9 * m[i]) + (0.1 * gradient[i]);
                v[i] = (0.999 * v[i]) + (0.001 * gradient[i] * gradient[i]);
                expected[i] -= 0.1 * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
                Assert.Equal(expected[i], actual[i], 1e-9);
            }
        }
    }

    [Fact]
    public void Gradient_descent_steps_against_the_gradient()
    {
        double[] parameters = [1, 2, 3, 4, 5];
        new GradientDescent(0.25).Step(parameters, [4, -8, 0, 1, 2]);
        Assert.Equal([0, 4, 3, 3.75, 4.5], parameters);
    }

    // Training's first step is by the gradient at the first weights: those are zeros and make every probability a half.
    [Theory]
    [InlineData(OptimizerKind.Adam, null, 0.005)]
    [InlineData(OptimizerKind.Adam, 0.3, 0.3)]
    [InlineData(OptimizerKind.Sgd, null, 0.05)]
    [InlineData(OptimizerKind.Sgd, 0.3, 0.3)]
    public void The_first_step_is_that_of_the_optimizer_and_its_rate(OptimizerKind kind, double? rate, double step)
    {
        // A bias alone has a gradient: the feature is constant. It is Σ(p − y)/n = 1/2 − 3/4.
        var table = new LabelledTable(["x"], [[1f], [1f], [1f], [1f]], [0, 1, 1, 1], ["a", "b"]);
        TrainedModel model = Trainer.Train(table, new TrainingOptions { HiddenSizes = [], Optimizer = kind, LearningRate = rate, Epochs = 1, BatchSize = 4, ValidationFraction = 0 });
        Assert.Equal([0, kind == OptimizerKind.Adam ? step : step * 0.25], model.Parameters, (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal(1 / (1 + Math.Exp(-model.Parameters[1])), model.Probabilities([7f])[1], 1e-12);
    }

    [Fact]
    public void Fine_tuning_takes_one_step_of_its_rate_for_each_batch()
    {
        TrainedModel model = Trained(0);
        int rows = model.TrainingRows.Rows.Count;
        foreach (double rate in new[] { 0.0005, 0.002 })
        {
            // Adam's first step is the rate itself wherever there is a gradient.
            Assert.Equal(rate, Moves(model, new() { LearningRate = rate, Epochs = 1, BatchSize = rows }).Max(Math.Abs), 1e-3 * rate);
            Assert.InRange(Moves(model, new() { LearningRate = rate, Epochs = 1, BatchSize = rows - 1 }).Max(Math.Abs), 1.5 * rate, 2.01 * rate);
            Assert.InRange(Moves(model, new() { LearningRate = rate, Epochs = 2, BatchSize = rows }).Max(Math.Abs), 1.5 * rate, 2.01 * rate);
        }
    }

    [Fact]
    public void Its_penalty_draws_weights_to_0_and_leaves_biases()
    {
        TrainedModel model = Trained(0);
        FineTuningOptions options = new() { Epochs = 1, BatchSize = model.TrainingRows.Rows.Count };
        double[] without = Moves(model, options);
        double[] with = Moves(model, options with { L2 = 1e9 });
        foreach (LayerLayout layer in model.Network.Layers)
        {
            for (int i = layer.Weights; i < layer.Weights + layer.WeightCount; i++)
            {
                Assert.Equal(-0.0005 * Math.Sign(model.Parameters[i]), with[i], 1e-9);
            }

            Assert.Equal(without[layer.Bias..(layer.Bias + layer.Outputs)], with[layer.Bias..(layer.Bias + layer.Outputs)]);
        }
    }

    [Fact]
    public void Its_seed_is_that_of_the_order_of_rows()
    {
        TrainedModel model = Trained(0);
        FineTuningOptions options = new() { Epochs = 1, BatchSize = 7 };
        Assert.Equal(Moves(model, options), Moves(model, options with { Seed = 1 }));
        Assert.NotEqual(Moves(model, options), Moves(model, options with { Seed = 2 }));
    }

    // The rows kept out have the other label: from weights of 0, whose loss is ln 2, every step makes it worse.
    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    public void The_model_itself_is_kept_where_no_epoch_is_better(int patience)
    {
        float[][] rows = [.. Enumerable.Range(0, 16).Select(i => new[] { i % 2 == 0 ? -1f : 1f })];
        int[] training = [.. Enumerable.Range(0, 12)];
        int[] kept = [12, 13, 14, 15];
        var table = new LabelledTable(["x"], rows, [.. Enumerable.Range(0, 16).Select(i => i < 12 ? i % 2 : 1 - (i % 2))], ["0", "1"]);
        var model = new TrainedModel(table, new Network(1, [], ActivationKind.ReLU, 1), [0, 0], EdgeInference.ModelTraining.Encoding.FeatureEncoding.Fit(table, [.. Enumerable.Range(0, rows.Length)], EdgeInference.ModelTraining.Encoding.EncodingKind.Standard), [], 0, training, kept);
        TrainedModel tuned = Trainer.FineTune(model, new FineTuningOptions { LearningRate = 0.5, Patience = patience });
        Assert.Equal(0, tuned.BestEpoch);
        Assert.Equal(patience, tuned.History.Count);
        Assert.Equal([0.0, 0], tuned.Parameters);
        Assert.Equal(kept, tuned.ValidationIndices);
        Assert.Equal(training, tuned.TrainingIndices);
        Assert.True(tuned.History[^1].ValidationLoss > Math.Log(2));
    }

    [Fact]
    public void Training_takes_its_batches_penalty_seed_and_patience_from_the_options()
    {
        // One feature of ±1: from a first weight w the gradient is known before each step of gradient descent.
        var table = new LabelledTable(["x"], [[-1f], [1f], [-1f], [1f]], [0, 1, 0, 1], ["0", "1"]);
        TrainingOptions options = new() { HiddenSizes = [], Optimizer = OptimizerKind.Sgd, LearningRate = 0.5, L2 = 0.25, Epochs = 1, BatchSize = 4, ValidationFraction = 0, Seed = 3 };
        double first = FirstWeight(options);
        foreach ((int batch, int steps) in new[] { (4, 1), (2, 2), (1, 4), (5, 1) })
        {
            double w = first;
            for (int i = 0; i < steps; i++)
            {
                // Rows of both classes have the gradient −(1 − σ(w)) by w; where a batch has one class alone the bias moves too.
                w -= 0.5 * ((0.25 * w) - (1 - (1 / (1 + Math.Exp(-w)))));
            }

            double actual = Trainer.Train(table, options with { BatchSize = batch }).Parameters[0];
            Assert.Equal(w, actual, batch >= 4 ? 1e-12 : 0.25);
            Assert.True(batch >= 4 || Math.Abs(actual - Trainer.Train(table, options).Parameters[0]) > 1e-3);
        }

        Assert.NotEqual(first, FirstWeight(options with { Seed = 4 }));

        // Labels by chance: no epoch is better for long.
        var random = new Random(4);
        LabelledTable noise = TrainingData.Blobs(2, 8, 60, seed: 4) with { Labels = [.. Enumerable.Range(0, 60).Select(_ => random.Next(2))] };
        foreach (int patience in new[] { 1, 4 })
        {
            TrainedModel model = Trainer.Train(noise, new TrainingOptions { Epochs = 500, Patience = patience, L2 = 0, ValidationFraction = 0.3 });
            Assert.Equal(model.BestEpoch + patience, model.History.Count);
        }
    }

    // The weights of a network without hidden layers as they are drawn: a rate of almost 0 leaves them.
    private static double FirstWeight(TrainingOptions options) =>
        Trainer.Train(new LabelledTable(["x"], [[-1f], [1f], [-1f], [1f]], [0, 1, 0, 1], ["0", "1"]), options with { LearningRate = 1e-300 }).Parameters[0];

    [Fact]
    public void Training_has_the_documented_defaults()
    {
        var options = new TrainingOptions();
        Assert.Equal([16, 8], options.HiddenSizes);
        Assert.Equal((ActivationKind.ReLU, OptimizerKind.Adam, (double?)null), (options.HiddenActivation, options.Optimizer, options.LearningRate));
        Assert.Equal((32, 200, 1e-3, 0.15, 30, 1UL), (options.BatchSize, options.Epochs, options.L2, options.ValidationFraction, options.Patience, options.Seed));
        Assert.Equal((0.005, 0.05, 0.2), (options.Step, (options with { Optimizer = OptimizerKind.Sgd }).Step, (options with { LearningRate = 0.2 }).Step));
    }

    [Fact]
    public void Options_are_checked_before_anything_is_trained()
    {
        Assert.Contains("The batch size is 0", Assert.Throws<InputException>(() => Trainer.Train(TrainingData.XOR, new TrainingOptions { BatchSize = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("The patience is 0", Assert.Throws<InputException>(() => Trainer.Train(TrainingData.XOR, new TrainingOptions { Patience = 0 })).Message, StringComparison.Ordinal);
        LabelledTable one = TrainingData.XOR with { Labels = new int[4], Classes = ["0"] };
        Assert.Contains("The labels have 1 class;", Assert.Throws<InputException>(() => Trainer.Train(one, new TrainingOptions())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_graph_tells_its_classes_its_features_and_what_it_gives(int classes)
    {
        EdgeInference.ModelConverter.Graphs.Graph graph = Trainer.Train(TrainingData.Blobs(classes, 4, 30, seed: 1), new TrainingOptions { Epochs = 1 }).ToGraph();
        Assert.Equal(Enumerable.Range(0, classes).Select(c => $"class{c}"), graph.Metadata.Labels);
        Assert.Equal(["f0", "f1", "f2", "f3"], graph.Metadata.InputNames);
        Assert.Equal([OutputRole.Probability], graph.Metadata.OutputRoles);
        Assert.Equal(("input", "output"), (graph.Inputs.Single().Name, graph.Outputs.Single().Name));
        Assert.Equal([1, 4], graph.Inputs[0].Shape);
        Assert.Equal([1, classes == 2 ? 1 : classes], graph.Outputs[0].Shape);
    }

    // A pressure of 101325 ± 1 has to be centred where it has weights, and only there.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_feature_is_centred_for_its_own_weights(bool hasWeights)
    {
        float[][] rows = [[101324f, -1f], [101326f, 1f]];
        var table = new LabelledTable(["p", "x"], rows, [0, 1], ["0", "1"]);
        var network = new Network(2, [3], ActivationKind.ReLU, 1);
        double[] parameters = new double[network.ParameterCount];
        Array.Fill(parameters, 5, hasWeights ? 0 : 3, 3);
        EdgeInference.ModelConverter.Graphs.Graph graph = new TrainedModel(table, network, parameters, EdgeInference.ModelTraining.Encoding.FeatureEncoding.Fit(table, [0, 1], EdgeInference.ModelTraining.Encoding.EncodingKind.Standard), [], 0, [0, 1], []).ToGraph();
        Assert.Equal(hasWeights, graph.Nodes.Exists(node => node.Opcode == Opcode.Sub));
    }

    [Fact]
    public void Without_rows_kept_out_every_epoch_runs_and_the_last_one_is_kept()
    {
        TrainedModel tuned = Trainer.FineTune(Trained(0), new FineTuningOptions { Epochs = 13, Patience = 2, LearningRate = 1 });
        Assert.Equal((13, 13), (tuned.BestEpoch, tuned.History.Count));
        Assert.All(tuned.History, state => Assert.Equal(13, state.Epochs));
    }

    [Fact]
    public void A_fine_tuned_model_gives_exact_probabilities_and_is_told_epoch_by_epoch()
    {
        TrainedModel model = Trained(0.3);
        var told = new List<TrainingProgress>();
        TrainedModel tuned = Trainer.FineTune(model, new FineTuningOptions { Epochs = 4 }, new Listener(told));
        Assert.Equal(told, tuned.History);
        Assert.Equal(4, told.Count);
        Assert.Null(tuned.Network.Quantizers);
        LayerLayout[] layers = tuned.Network.Layers;
        foreach (float[] row in model.Table.Rows)
        {
            double[] x = [.. row.Select((value, i) => (value - model.Encoding.Standardisation!.Means[i]) / model.Encoding.Standardisation!.Deviations[i])];
            double[] hidden = [.. Enumerable.Range(0, layers[0].Outputs).Select(u => Math.Max(0, tuned.Parameters[layers[0].Bias + u] + x.Select((value, i) => value * tuned.Parameters[(i * layers[0].Outputs) + u]).Sum()))];
            double z = tuned.Parameters[layers[1].Bias] + hidden.Select((value, u) => value * tuned.Parameters[layers[1].Weights + u]).Sum();
            Assert.Equal(1 / (1 + Math.Exp(-z)), tuned.Probabilities(row)[1], 1e-12);
        }
    }

    [Fact]
    public void Fine_tuning_is_cancelled_and_its_loss_is_watched()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Trainer.FineTune(Trained(0), null, null, source.Token));
        string message = Assert.Throws<InputException>(() => Trainer.FineTune(Trained(0), new FineTuningOptions { LearningRate = 1e300 })).Message;
        Assert.Contains("use a learning rate below 1E+300", message, StringComparison.Ordinal);
        Assert.Contains("The patience is 0", Assert.Throws<InputException>(() => Trainer.FineTune(Trained(0), new FineTuningOptions { Patience = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Trainer.FineTune(null!));
    }

    // An epoch of one batch tells the loss before its step, and that is the rounded model's, its ranges those of its own weights.
    [Fact]
    public void Ranges_are_those_of_the_weights_before_each_epoch()
    {
        TrainedModel model = Trained(0);
        FineTuningOptions options = new() { Epochs = 3, BatchSize = model.TrainingRows.Rows.Count, LearningRate = 0.4 };
        TrainedModel tuned = Trainer.FineTune(model, options);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            TrainedModel before = epoch == 0 ? model : Trainer.FineTune(model, options with { Epochs = epoch });
            var tuner = new FineTuner(before);
            double loss = before.TrainingIndices.Average(row => -Math.Log(tuner.RoundedProbabilities(row)[model.Table.Labels[row]]));
            Assert.Equal(loss, tuned.History[epoch].TrainingLoss, 1e-9);
        }
    }

    private static TrainedModel Trained(double validation) => Trainer.Train(
        TrainingData.Blobs(2, 4, 80, seed: 31), new TrainingOptions { HiddenSizes = [5], Epochs = 15, ValidationFraction = validation, Seed = 4 });

    private static double[] Moves(TrainedModel model, FineTuningOptions options) =>
        [.. Trainer.FineTune(model, options).Parameters.Zip(model.Parameters, (after, before) => after - before)];

    private sealed class Listener(List<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told.Add(value);
    }
}
