using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>Classifiers of sequences in float32, int8 and int16, held to what PyTorch decides; the recurrent layer is one operator of the precision.</summary>
public sealed class RecurrentTests : IDisposable
{
    // Of 540 rows: one row, or half a point of accuracy.
    private const int MostLost = 2;

    private readonly string folder = Directory.CreateTempSubdirectory("edge-recurrent-").FullName;
    private readonly LabelledTable table = CsvTable.ReadLabelled(TestData.Data("digits.test.csv"), "digit");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("gru", 1)]
    [InlineData("gru_reset_before", 2)]
    [InlineData("lstm", 1)]
    [InlineData("rnn_tanh", 1)]
    [InlineData("rnn_relu", 9)]
    public void Every_engine_decides_as_the_source_does(string name, int mostOtherwise)
    {
        Opcode real = name.StartsWith("gru", StringComparison.Ordinal) ? Opcode.GRU : name == "lstm" ? Opcode.LSTM : Opcode.RNN;
        Opcode quantized = name == "lstm" ? Opcode.QuantizedLSTM : Opcode.QuantizedRecurrent;
        string[] truth = DecisionData.Labels(TestData.Data("digits.test.csv"));
        int[] predicted = [.. File.ReadAllText(Path.Combine(DecisionData.Folder, "recurrent", name + ".predicted.txt")).Trim().Select(digit => digit - '0')];
        int right = Right(predicted, truth);
        foreach ((string precision, Opcode opcode, TensorType type) in new[] { ("float32", real, TensorType.Float32), ("int8", quantized, TensorType.Int8), ("int16", quantized, TensorType.Int16) })
        {
            string edge = Path.Combine(folder, $"{name}.{precision}.edge");
            string source = Path.Combine(DecisionData.Folder, "recurrent", name + ".onnx");
            string calibration = TestData.Data("digits.train.csv");
            (int exitCode, string said) = CommandLine.Run(out _, "export", source, "--precision", precision, "--calibrate", calibration, "--label", "digit", "-o", edge);
            Assert.True(exitCode == 0, said);
            byte[] file = File.ReadAllBytes(edge);
            using EdgeModel model = EdgeModel.Load(file);
            Assert.Equal(type, Assert.Single(model.File.Operators, record => record.Info.Opcode == opcode).Inputs[0].Type);
            Assert.DoesNotContain(model.File.Operators, record => type != TensorType.Float32 && record.Info.Opcode == real);

            int[][] decided = [.. EngineAdapter.Classifiers(file, model).Select(one => Labels(one.Decide)), Emitted(file)];
            Assert.All(decided, labels => Assert.Equal(decided[0], labels));
            Assert.Equal(Evaluated(edge), Right(decided[0], truth));
            Assert.InRange(predicted.Zip(decided[0]).Count(pair => pair.First != pair.Second), 0, type == TensorType.Float32 ? 0 : mostOtherwise);
            int now = Right(decided[0], truth);
            Assert.True(now >= right - MostLost, $"{name} in {precision} is right in {now} rows, PyTorch in {right}");
        }
    }

    private int[] Labels(Func<float[], Decided> decide) => [.. table.Rows.Select(row => decide(row).Label)];

    private int[] Emitted(byte[] file)
    {
        var engine = CompiledEngine.For(file, classifier: true, chunks: false);
        object classifier = engine.Make("Classifier", engine.Session(engine.Load(file), true));
        Func<float[], int> classify = classifier.GetType().GetMethod("Classify", [typeof(float[])])!.CreateDelegate<Func<float[], int>>(classifier);
        return [.. table.Rows.Select(classify)];
    }

    // What edge evaluate counts as right.
    private int Evaluated(string edge)
    {
        (int exitCode, string error) = CommandLine.Run(out string text, "evaluate", edge, "--data", TestData.Data("digits.test.csv"), "--label", "digit", "--json");
        Assert.True(exitCode == 0, error);
        using var json = JsonDocument.Parse(text);
        return (int)Math.Round(json.RootElement.GetProperty("accuracy").GetDouble() * table.Rows.Count);
    }

    private static int Right(int[] labels, string[] truth) => labels.Zip(truth).Count(pair => pair.First.ToString(CultureInfo.InvariantCulture) == pair.Second);
}
