using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Train;

public class TrainerTests
{
    private static readonly TrainingOptions xorOptions = new()
    {
        HiddenSizes = [4],
        HiddenActivation = ActivationKind.Tanh,
        LearningRate = 0.05,
        BatchSize = 4,
        Epochs = 500,
        L2 = 0,
        ValidationFraction = 0,
        Seed = 7,
    };

    [Theory]
    [InlineData(OptimizerKind.Adam, 0.05)]
    [InlineData(OptimizerKind.Sgd, 0.5)]
    public void XOR_is_learned_exactly(OptimizerKind optimizer, double learningRate)
    {
        TrainedModel model = Trainer.Train(TrainingData.XOR, xorOptions with { Optimizer = optimizer, LearningRate = learningRate, Epochs = 2000 });
        Assert.Equal(4, Correct(model, TrainingData.XOR));
        Assert.Equal(1, ModelAccuracy(model, TrainingData.XOR));
    }

    [Fact]
    public void XOR_is_learned_with_the_defaults() =>
        Assert.Equal(4, Correct(Trainer.Train(TrainingData.XOR, new TrainingOptions()), TrainingData.XOR));

    [Fact]
    public void Breast_cancer_is_told_with_95_percent()
    {
        LabelledTable train = TrainingData.Read("breast_cancer.train.csv", "benign");
        TrainedModel model = Trainer.Train(train, new TrainingOptions());
        LabelledTable test = TrainingData.Read("breast_cancer.test.csv", "benign", train);
        double accuracy = ModelAccuracy(model, test);
        Assert.True(accuracy >= 0.95, $"{accuracy}");
    }

    [Fact]
    public void Digits_are_told_with_95_percent()
    {
        LabelledTable train = TrainingData.Read("digits.train.csv", "digit");
        TrainedModel model = Trainer.Train(train, new TrainingOptions { HiddenSizes = [32], HiddenActivation = ActivationKind.LeakyReLU });
        LabelledTable test = TrainingData.Read("digits.test.csv", "digit", train);
        double accuracy = ModelAccuracy(model, test);
        Assert.True(accuracy >= 0.95, $"{accuracy}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        LabelledTable table = TrainingData.Blobs(3, 6, 90, seed: 1);
        var options = new TrainingOptions { Epochs = 12, HiddenActivation = ActivationKind.GELU };
        byte[] first = ModelWriter.Write(Trainer.Train(table, options).ToGraph());
        byte[] again = ModelWriter.Write(Trainer.Train(table, options).ToGraph());
        byte[] other = ModelWriter.Write(Trainer.Train(table, options with { Seed = 2 }).ToGraph());
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void The_weights_are_the_same_on_every_machine()
    {
        // The sum was taken on x64 with AVX2. Any machine, vector width or system that computes otherwise fails here.
        LabelledTable table = TrainingData.Blobs(2, 6, 90, seed: 1);
        TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 12, HiddenActivation = ActivationKind.Mish });
        ulong hash = 14695981039346656037;
        foreach (double probability in table.Rows.Select(row => model.Probabilities(row)[1]))
        {
            hash = (hash ^ (ulong)BitConverter.DoubleToInt64Bits(probability)) * 1099511628211;
        }

        Assert.Equal(16265931506921628135UL, hash);
    }

    public static TheoryData<string> Names => [.. ActivationFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_activation_trains_and_exports_with_the_same_probabilities(string activation)
    {
        foreach (int classes in new[] { 2, 3 })
        {
            LabelledTable table = TrainingData.Blobs(classes, 6, 120, seed: 2);
            TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 40, HiddenActivation = ActivationFunctions.Find(activation)!.Kind });
            using EdgeModel file = EdgeModel.Load(ModelWriter.Write(model.ToGraph()));
            using Session session = file.CreateSession();
            Assert.Equal(classes == 2 ? 1 : classes, session.OutputLength);
            float[] output = new float[session.OutputLength];
            foreach (float[] row in table.Rows)
            {
                double[] expected = model.Probabilities(row);
                session.Run(row, output);
                Assert.Equal(1, expected.Sum(), 1e-12);
                for (int i = 0; i < output.Length; i++)
                {
                    Assert.Equal(expected[^(output.Length - i)], output[i], 1e-5);
                }
            }

            Assert.True((double)Correct(model, table) / table.Rows.Count > 0.8, $"{Correct(model, table)}");
        }
    }

    [Fact]
    public void Slopes_of_PReLU_are_trained()
    {
        TrainedModel model = Trainer.Train(TrainingData.Blobs(2, 6, 120, seed: 2), new TrainingOptions { Epochs = 20, HiddenSizes = [5], HiddenActivation = ActivationKind.PReLU });
        float[] slopes = model.ToGraph().Nodes.Single(node => node.Opcode == Opcode.Activation).Input(1).Floats;
        Assert.Equal(5, slopes.Length);
        Assert.All(slopes, slope => Assert.NotEqual(0.25f, slope));
    }

    [Fact]
    public void Training_stops_early_and_keeps_the_best_weights()
    {
        // Labels by chance: the training loss falls while the validation loss rises.
        var random = new Random(4);
        LabelledTable table = TrainingData.Blobs(2, 8, 100, seed: 4) with { Labels = [.. Enumerable.Range(0, 100).Select(_ => random.Next(2))] };
        var told = new List<TrainingProgress>();
        TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 500, Patience = 10, L2 = 0, ValidationFraction = 0.3 }, new Listener(told));
        Assert.Equal(told, model.History);
        Assert.Equal(model.BestEpoch + 10, told.Count);
        Assert.True(told.Count < 500);
        TrainingProgress best = told.MinBy(state => state.ValidationLoss);
        Assert.Equal(best.Epoch, model.BestEpoch);

        TrainedModel stopped = Trainer.Train(table, new TrainingOptions { Epochs = model.BestEpoch, Patience = 10, L2 = 0, ValidationFraction = 0.3 });
        Assert.Equal(stopped.Probabilities(table.Rows[0]), model.Probabilities(table.Rows[0]));
    }

    [Fact]
    public void A_feature_that_never_varied_decides_nothing()
    {
        LabelledTable blobs = TrainingData.Blobs(2, 4, 80, seed: 5);
        LabelledTable table = blobs with { Names = [.. blobs.Names, "constant"], Rows = [.. blobs.Rows.Select(row => (float[])[.. row, 0.1f])] };
        TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 5 });
        float[] row = table.Rows[3];
        Assert.Equal(model.Probabilities(row), model.Probabilities([.. row[..4], 1e6f]));
        Assert.All(model.ToGraph().Nodes[0].Input(1).Floats.Where((_, i) => i % 5 == 4), weight => Assert.Equal(0f, weight));
    }

    [Fact]
    public void Gaps_and_categories_are_trained_with_and_exported()
    {
        LabelledTable blobs = TrainingData.Blobs(2, 3, 120, seed: 5);
        LabelledTable table = blobs with
        {
            Names = [.. blobs.Names, "kind"],
            Rows = [.. blobs.Rows.Select((row, i) => (float[])[i % 9 == 0 ? float.NaN : row[0], row[1], row[2], blobs.Labels[i] == 1 && i % 4 != 1 ? 1 : i % 3 == 0 ? 2 : 0])],
            Categories = [[], [], [], ["a", "b", "c"]],
        };
        TrainedModel model = Trainer.Train(table, new TrainingOptions { Epochs = 60 });
        Assert.True(Correct(model, table) > 110, $"{Correct(model, table)}");
        Assert.Equal((double)Correct(model, table) / 120, ModelAccuracy(model, table));
        Assert.True(Correct(Trainer.FineTune(model, new FineTuningOptions { Epochs = 3 }), table) > 105);
    }

    [Fact]
    public void L2_makes_weights_smaller()
    {
        LabelledTable table = TrainingData.Blobs(2, 6, 90, seed: 6);
        Assert.True(Size(0.1) < 0.5 * Size(0));

        double Size(double l2) => Trainer.Train(table, new TrainingOptions { L2 = l2, ValidationFraction = 0 })
            .ToGraph().Nodes.Sum(node => node.Input(1).Floats.Sum(w => (double)w * w));
    }

    [Fact]
    public void What_cannot_be_trained_with_is_refused_with_a_sentence()
    {
        LabelledTable table = TrainingData.Blobs(2, 3, 20, seed: 1);
        Assert.Contains("hidden sizes", Fault(table, new TrainingOptions { HiddenSizes = [4, 0] }), StringComparison.Ordinal);
        Assert.Contains("learning rate", Fault(table, new TrainingOptions { LearningRate = 0 }), StringComparison.Ordinal);
        Assert.Contains("batch size", Fault(table, new TrainingOptions { BatchSize = 0 }), StringComparison.Ordinal);
        Assert.Contains("epochs", Fault(table, new TrainingOptions { Epochs = 0 }), StringComparison.Ordinal);
        Assert.Contains("validation fraction", Fault(table, new TrainingOptions { ValidationFraction = 1 }), StringComparison.Ordinal);
        Assert.Contains("L2", Fault(table, new TrainingOptions { L2 = double.NaN }), StringComparison.Ordinal);
        Assert.Contains("two classes", Fault(table with { Labels = new int[20], Classes = ["x"] }, new TrainingOptions()), StringComparison.Ordinal);
        Assert.Contains("'class1'", Fault(table with { Labels = new int[20] }, new TrainingOptions()), StringComparison.Ordinal);
        Assert.Contains("use a learning rate below", Fault(table, new TrainingOptions { Optimizer = OptimizerKind.Sgd, LearningRate = 1e300 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Training_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(TrainingData.XOR, xorOptions, null, source.Token));
    }

    private static string Fault(LabelledTable table, TrainingOptions options) =>
        Assert.Throws<InputException>(() => Trainer.Train(table, options)).Message;

    private static int Correct(TrainedModel model, LabelledTable table) =>
        table.Rows.Where((row, i) => Best(model.Probabilities(row)) == table.Labels[i]).Count();

    private static int Best(double[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());

    private static double ModelAccuracy(TrainedModel trained, LabelledTable table)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(trained.ToGraph()));
        using var classifier = new Classifier(model);
        int correct = table.Rows.Where((row, i) => classifier.Classify(row).ClassIndex == table.Labels[i]).Count();
        return (double)correct / table.Rows.Count;
    }

    private sealed class Listener(List<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told.Add(value);
    }
}
