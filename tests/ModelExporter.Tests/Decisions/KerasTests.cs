using System.Globalization;
using System.Text.Json.Nodes;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.Tool.Tests.Import.Keras;
using EdgeInference.Tool.Tests.Import.Tflite;

namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>Keras and TensorFlow Lite: their heads, held to the definition of their layers and to the first highest class.</summary>
public sealed class KerasTests : IDisposable
{
    private const int FullyConnectedOptions = 8;
    private const int SoftmaxOptions = 9;

    private readonly DecisionCheck check = new();
    private readonly string folder = Directory.CreateTempSubdirectory("edge-keras-").FullName;

    public void Dispose()
    {
        check.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(1, "sigmoid")]
    [InlineData(2, "softmax")]
    [InlineData(3, "softmax")]
    [InlineData(1, "linear")]
    [InlineData(2, "linear")]
    [InlineData(3, "linear")]
    public void Every_row_is_decided_as_the_layers_of_Keras_define(int outputs, string head) => Check(outputs, "m.keras", head == "linear", net =>
        new KerasArchiveBuilder()
            .Layer("InputLayer", "x", new JsonObject { ["batch_shape"] = new JsonArray(null, net.First.GetLength(0)) }.ToJsonString())
            .Layer("Dense", "hidden", """{"units": 5, "activation": "relu", "use_bias": true}""")
            .Layer("Dense", "head", new JsonObject { ["units"] = outputs, ["activation"] = head, ["use_bias"] = true }.ToJsonString())
            .Weights("dense", net.First, net.FirstBias)
            .Weights("dense_1", net.Second, net.SecondBias)
            .Build());

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    public void Every_row_is_decided_as_the_operators_of_TensorFlow_Lite_define(int outputs, bool hasHead) => Check(outputs, "m.tflite", !hasHead, net =>
    {
        int features = net.First.GetLength(0);
        int hidden = net.FirstBias.Length;
        var model = new TfliteModelBuilder();
        int x = model.Input(TfliteType.Float32, [1, features]);
        int middle = model.Tensor(TfliteType.Float32, [1, hidden]);
        int logits = hasHead ? model.Tensor(TfliteType.Float32, [1, outputs]) : model.Output(TfliteType.Float32, [1, outputs]);
        model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [x, model.Constant([hidden, features], SmallNet.Transposed(net.First)), model.Constant([hidden], net.FirstBias)], [middle], FullyConnectedOptions, (0, (byte)1));
        model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [middle, model.Constant([outputs, hidden], SmallNet.Transposed(net.Second)), model.Constant([outputs], net.SecondBias)], [logits], FullyConnectedOptions);
        if (hasHead && outputs == 1)
        {
            model.Operator(TfliteOperatorCode.LOGISTIC, [logits], [model.Output(TfliteType.Float32, [1, 1])]);
        }
        else if (hasHead)
        {
            model.Operator(TfliteOperatorCode.SOFTMAX, [logits], [model.Output(TfliteType.Float32, [1, outputs])], SoftmaxOptions, (0, 1f));
        }

        return model.Build();
    });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_first_of_equal_classes_wins_in_int8(int classes)
    {
        const float step = 0.125f;
        var model = new TfliteModelBuilder();
        int x = model.Input(TfliteType.Int8, [1, classes], step);
        model.Operator(TfliteOperatorCode.SOFTMAX, [x], [model.Output(TfliteType.Int8, [1, classes], 1f / 256, -128)], SoftmaxOptions, (0, 1f));
        string path = Path.Combine(folder, "ties.tflite");
        File.WriteAllBytes(path, model.Build());
        int count = (int)Math.Pow(4, classes);
        float[][] rows = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, classes).Select(k => step * ((i >> (2 * k)) & 3)).ToArray())];
        string[] predicted = [.. rows.Select(row => Array.IndexOf(row, row.Max()).ToString(CultureInfo.InvariantCulture))];
        check.Check(new DecisionCase($"{classes} ties", path, [.. Enumerable.Range(0, classes).Select(k => $"f{k}")], rows, predicted));
    }

    private void Check(int outputs, string name, bool isBare, Func<SmallNet, byte[]> build)
    {
        string data = outputs > 2 ? DecisionData.Iris : DecisionData.BreastOriginal;
        float[][] rows = DecisionData.Rows(data);
        var net = new SmallNet(rows, outputs);
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, build(net));
        (int Label, float Value)[] decided = [.. rows.Select(net.Decide)];
        Assert.Equal(Math.Max(outputs, 2), decided.Select(one => one.Label).Distinct().Count());
        var item = new DecisionCase(name, path, DecisionData.Features(data), rows, [.. decided.Select(one => one.Label.ToString(CultureInfo.InvariantCulture))])
        {
            Values = [.. decided.Select(one => one.Value)],
        };
        if (isBare)
        {
            check.CheckRefused(item, "--head logits");
        }

        check.Check(item with { Options = isBare ? ["--head", "logits"] : [] });
    }
}
