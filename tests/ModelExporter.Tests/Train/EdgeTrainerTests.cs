using EdgeInference.ModelTraining;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Train;

/// <summary>Training without the command.</summary>
public sealed class EdgeTrainerTests : IDisposable
{
    private static readonly string rows = TestData.Data("breast_cancer.train.csv");

    private readonly string folder = Directory.CreateTempSubdirectory("edge-trainer-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_library_trains_what_the_command_trains()
    {
        string path = Path.Combine(folder, "m.edge");
        (int exitCode, string error) = CommandLine.Run(out _, "train", rows, "--label", "benign", "-o", path, "--epochs", "3", "--quiet");
        Assert.True(exitCode == 0, error);
        var told = new List<TrainingProgress>();
        TrainingResult trained = EdgeTrainer.Train(rows, "benign", new TrainingOptions { Epochs = 3 }, new Listener(told.Add));
        Assert.Equal(trained.History, told);
        Assert.Equal(3, told.Count);
        Assert.InRange(trained.BestEpoch, 1, 3);

        using EdgeModel command = EdgeModel.Load(path);
        using EdgeModel library = EdgeModel.Load(trained.Model.ToBytes());
        Assert.Equal(Weights(command), Weights(library));
        Assert.Equal(command.File.Metadata.TextList(EdgeInference.ModelFormat.MetadataKey.InputNames), library.File.Metadata.TextList(EdgeInference.ModelFormat.MetadataKey.InputNames));
        Assert.Null(trained.Model.Check()!.Warning);
        Assert.Equal(Precision.Int8, trained.Model.Quantize(rows, "benign").Precision);
    }

    [Fact]
    public void A_model_trained_further_is_another_one()
    {
        TrainingResult trained = EdgeTrainer.Train(rows, "benign", new TrainingOptions { Epochs = 2 });
        byte[] before = trained.Model.ToBytes();
        TrainingResult further = EdgeTrainer.FineTune(trained, new FineTuningOptions { Epochs = 1 });
        Assert.NotEqual(before, further.Model.ToBytes());
        Assert.Equal(before, trained.Model.ToBytes());
        Assert.Equal(trained.ParameterCount, further.ParameterCount);
    }

    [Fact]
    public void What_cannot_be_trained_with_is_refused_and_training_can_be_stopped()
    {
        Assert.Throws<InputException>(() => EdgeTrainer.Train(new LabelledTable(["x"], [[1f]], [0], ["0"])));
        Assert.Throws<InputException>(() => EdgeTrainer.Train(Path.Combine(folder, "missing.csv"), "y"));
        Assert.Throws<OperationCanceledException>(() => EdgeTrainer.Train(rows, "benign", cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_feature_that_float32_hardly_holds_is_in_the_notices()
    {
        float[][] values = [.. Enumerable.Range(0, 40).Select(i => (float[])[16_777_200f + (i % 8), i])];
        TrainingResult trained = EdgeTrainer.Train(new LabelledTable(["pressure", "level"], values, [.. values.Select(row => row[1] < 20 ? 0 : 1)], ["low", "high"]), new TrainingOptions { Epochs = 1 });
        Assert.Contains("'pressure' varies by little more than the precision of float32", Assert.Single(trained.Model.Notices), StringComparison.Ordinal);
    }

    private static string[] Weights(EdgeModel model) =>
        [.. model.File.Tensors.Where(tensor => tensor.Storage == EdgeInference.ModelFormat.TensorStorage.Constant).Select(tensor => Convert.ToHexString(model.File.Bytes.Memory.Span.Slice(tensor.Offset, tensor.Bytes)))];

    private sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
