using ModelExporter.Data;
using ModelExporter.Train;
using ModelFormat;

namespace ModelExporter.Tests.Train;

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

    // Labels by chance, of which nothing can be learned: steps of 50 make every epoch sure and wrong, and the model itself stays the best.
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void The_model_itself_is_kept_where_no_epoch_is_better(int patience)
    {
        var random = new Random(5);
        LabelledTable table = TrainingData.Blobs(2, 4, 80, seed: 31) with { Labels = [.. Enumerable.Range(0, 80).Select(_ => random.Next(2))] };
        TrainedModel model = Trainer.Train(table, new TrainingOptions { HiddenSizes = [5], Epochs = 3, ValidationFraction = 0.3 });
        TrainedModel tuned = Trainer.FineTune(model, new FineTuningOptions { LearningRate = 50, Patience = patience });
        Assert.Equal(0, tuned.BestEpoch);
        Assert.Equal(patience, tuned.History.Count);
        Assert.Equal(model.Parameters, tuned.Parameters);
        Assert.Equal(model.ValidationIndices, tuned.ValidationIndices);
        Assert.Equal(model.TrainingIndices, tuned.TrainingIndices);
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
            double[] x = [.. row.Select((value, i) => (value - model.Standardisation.Means[i]) / model.Standardisation.Deviations[i])];
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
        Assert.Contains("lower the learning rate from 1E+300", message, StringComparison.Ordinal);
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
