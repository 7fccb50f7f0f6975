using System.Text.Json;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Import.Keras;
using EdgeInference.Tool.Tests.Import.Tflite;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>
/// What the output of a TensorFlow Lite model means, from the file to the decision. All models here are one, 15 − x₀, in float32 or in
/// int8 with steps of 0.12; only their ends differ.
/// </summary>
public sealed class TfliteMeaningTests : IDisposable
{
    private const int FullyConnectedOptions = 8;
    private const int SoftmaxOptions = 9;
    private const int Features = 30;
    private const float Step = 0.12f;

    private readonly string folder = Directory.CreateTempSubdirectory("edge-tflite-meaning-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("float LOGISTIC")]
    [InlineData("float SOFTMAX")]
    [InlineData("LOGISTIC")]
    [InlineData("LOGISTIC DEQUANTIZE")]
    [InlineData("LOGISTIC RESHAPE DEQUANTIZE")]
    [InlineData("LOGISTIC DEQUANTIZE RESHAPE")]
    [InlineData("LOGISTIC QUANTIZE")]
    [InlineData("SOFTMAX")]
    [InlineData("SOFTMAX DEQUANTIZE")]
    public void An_end_that_its_operator_names_decides(string end)
    {
        string model = Export(end, out string said);
        Assert.DoesNotContain("--head", said, StringComparison.Ordinal);
        Decides(model, end.StartsWith("float", StringComparison.Ordinal));
        using EdgeModel edge = EdgeModel.Load(model);
        Assert.Equal(end.Contains("SOFTMAX", StringComparison.Ordinal) ? DecisionHead.Softmax : DecisionHead.Sigmoid, edge.File.Decision.Head);
    }

    // RELU's table at the output scale that LOGISTIC has was taken for a probability.
    [Theory]
    [InlineData("RELU DEQUANTIZE")]
    [InlineData("TANH")]
    [InlineData("")]
    public void Another_end_decides_nothing(string end)
    {
        string model = Export(end, out string said);
        Assert.Contains("--head logits, probability, scores or value", said, StringComparison.Ordinal);
        using EdgeModel edge = EdgeModel.Load(model);
        Assert.Equal(OutputRole.Unknown, edge.File.Decision.Role(0));
        Assert.Contains("--head", Assert.Throws<ArgumentException>(() => new Classifier(edge)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("DEQUANTIZE")]
    [InlineData("float ")]
    public void Logits_become_probabilities_where_the_caller_says_that_they_are(string end) =>
        Decides(Export(end, out _, "--head", "logits"), end.StartsWith("float", StringComparison.Ordinal));

    private static void Decides(string model, bool exact)
    {
        var table = CsvTable.ReadLabelled(TestData.Data("breast_cancer.test.csv"), "benign");
        using EdgeModel edge = EdgeModel.Load(model);
        Assert.Equal(OutputRole.Probability, edge.File.Decision.Role(0));
        using var classifier = new Classifier(edge);
        int right = 0;
        for (int i = 0; i < table.Rows.Count; i++)
        {
            double z = 15 - (exact ? table.Rows[i][0] : Step * MathF.Round(table.Rows[i][0] / Step, MidpointRounding.AwayFromZero));
            Decision decision = classifier.Classify(table.Rows[i]);
            Assert.Equal(KerasArrays.Sigmoid(z), decision.Probability, exact ? 2e-6 : 1f / 64);

            // Of two equal columns the first wins, as argmax has it.
            Assert.Equal(z > 0 || (z == 0 && edge.OutputLength == 1) ? 1 : 0, decision.ClassIndex);
            right += decision.ClassIndex == table.Labels[i] ? 1 : 0;
        }

        (int exitCode, string error) = CommandLine.RunUnnamed(out string text, "evaluate", model, "--data", TestData.Data("breast_cancer.test.csv"), "--label", "benign", "--json");
        Assert.True(exitCode == 0, error);
        using var json = JsonDocument.Parse(text);
        Assert.InRange(right, table.Rows.Count / 2, table.Rows.Count - 1);
        Assert.Equal((double)right / table.Rows.Count, json.RootElement.GetProperty("accuracy").GetDouble(), 6);
    }

    private string Export(string end, out string said, params string[] options)
    {
        string source = Path.Combine(folder, "model.tflite");
        string model = Path.Combine(folder, "model.edge");
        File.WriteAllBytes(source, end.StartsWith("float", StringComparison.Ordinal) ? Float(end) : Int8(end));
        (int exitCode, said) = CommandLine.Run(out _, ["export", source, "-o", model, .. options]);
        Assert.True(exitCode == 0, said);
        return model;
    }

    private static byte[] Float(string end)
    {
        var model = new TfliteModelBuilder();
        int units = end.Contains("SOFTMAX", StringComparison.Ordinal) ? 2 : 1;
        int x = model.Input(TfliteType.Float32, [1, Features]);
        float[] kernel = new float[units * Features];
        kernel[(units - 1) * Features] = -1f;
        int w = model.Constant([units, Features], kernel);
        int b = model.Constant([units], units == 1 ? [15f] : [0f, 15f]);
        bool bare = end == "float ";
        int z = bare ? model.Output(TfliteType.Float32, [1, units]) : model.Tensor(TfliteType.Float32, [1, units]);
        model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [x, w, b], [z], FullyConnectedOptions, (0, (byte)0));
        if (!bare)
        {
            Append(model, end.Split(' ')[1], z, model.Output(TfliteType.Float32, [1, units]));
        }

        return model.Build();
    }

    // x has steps of 0.12 from 0; z = 15 − x has steps of 0.12 and lies around 0.
    private static byte[] Int8(string end)
    {
        var model = new TfliteModelBuilder();
        string[] operators = end.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int units = end.StartsWith("SOFTMAX", StringComparison.Ordinal) ? 2 : 1;
        int real = model.Input(TfliteType.Float32, [1, Features]);
        int x = model.Tensor(TfliteType.Int8, [1, Features], Step, -128);
        model.Operator(TfliteOperatorCode.QUANTIZE, [real], [x]);
        var kernel = new sbyte[units * Features];
        kernel[(units - 1) * Features] = -127;
        int w = model.Constant([units, Features], kernel, [1f / 127]);
        int bias = (int)Math.Round(15 / (Step / 127));
        int b = model.Constant([units], units == 1 ? [bias] : new[] { 0, bias });
        int last = operators.Length == 0 ? model.Output(TfliteType.Int8, [1, units], Step, 0) : model.Tensor(TfliteType.Int8, [1, units], Step, 0);
        model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [x, w, b], [last], FullyConnectedOptions, (0, (byte)0));
        (TfliteType Type, float Scale, int Zero) kind = (TfliteType.Int8, Step, 0);
        int[] shape = [1, units];
        for (int i = 0; i < operators.Length; i++)
        {
            kind = operators[i] switch
            {
                "DEQUANTIZE" => (TfliteType.Float32, 0f, 0),
                "QUANTIZE" => (TfliteType.Int8, 1f / 200, -100),
                "RESHAPE" => kind,
                "TANH" => (TfliteType.Int8, 1f / 128, 0),
                _ => (TfliteType.Int8, 1f / 256, -128),
            };
            shape = operators[i] == "RESHAPE" ? [units] : shape;
            int next = i == operators.Length - 1 ? model.Output(kind.Type, shape, kind.Scale, kind.Zero) : model.Tensor(kind.Type, shape, kind.Scale, kind.Zero);
            Append(model, operators[i], last, next);
            last = next;
        }

        return model.Build();
    }

    private static void Append(TfliteModelBuilder model, string name, int from, int to)
    {
        var code = Enum.Parse<TfliteOperatorCode>(name);
        model.Operator(code, [from], [to], code == TfliteOperatorCode.SOFTMAX ? SoftmaxOptions : 0, code == TfliteOperatorCode.SOFTMAX ? [(0, 1f)] : []);
    }
}
