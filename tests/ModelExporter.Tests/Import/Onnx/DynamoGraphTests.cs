using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ProtobufMessage = EdgeInference.ModelTraining.ProtobufMessage;

namespace EdgeInference.Tool.Tests.Import.Onnx;

/// <summary>Graphs as PyTorch's graph-based exporter writes them: functions of the model's own, arithmetic on shapes, axes as inputs, weights in another file.</summary>
public sealed class DynamoGraphTests : IDisposable
{
    private const int Features = 3;
    private const int Units = 4;

    private readonly string folder = Directory.CreateTempSubdirectory("edge-tests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Functions_and_shape_arithmetic_fold_away_and_OnnxRuntime_agrees()
    {
        string path = Path.Combine(folder, "m.onnx");
        File.WriteAllBytes(path, Model());
        File.WriteAllBytes(path + ".data", [.. new byte[16], .. Values(Units * Features).SelectMany(BitConverter.GetBytes)]);
        float[] input = [0.5f, -1f, 2f, 1.5f, 0.25f, -0.75f];

        Graph graph = GraphOptimizer.Optimize(OnnxImporter.Import(path));
        Assert.DoesNotContain(graph.Nodes, node => node.Opcode is Opcode.Gather or Opcode.Concat or Opcode.Slice or Opcode.Where);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        var actual = new float[session.OutputLength];
        session.Run(input, actual);

        using var peer = new InferenceSession(path);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = peer.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(input, [1, 2, Features]))]);
        float[] expected = [.. results[0].AsEnumerable<float>()];
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }

    private static byte[] Model()
    {
        ProtobufMessage weights = new ProtobufMessage().Integer(1, Units).Integer(1, Features).Integer(2, 1).Text(8, "w").Integer(14, 1)
            .Message(13, Entry("location", "m.onnx.data")).Message(13, Entry("offset", "16")).Message(13, Entry("length", $"{Units * Features * 4}"));
        ProtobufMessage graph = new ProtobufMessage().Text(2, "main")
            .Message(5, weights)
            .Message(5, Integers("zero", [], 0))
            .Message(5, Integers("one", [1], 1))
            .Message(5, Integers("last", [1], -1))
            .Message(5, Integers("axis", [1], 0))
            .Message(5, new ProtobufMessage().Integer(2, 9).Text(8, "yes").Bytes(9, [1]))
            .Message(1, Node("linear", ["x", "w"], "h", "pkg").Message(5, new ProtobufMessage().Text(1, "slope").Float(2, 0.2f).Integer(20, 1)))
            .Message(1, Node("Shape", ["h"], "shape"))
            .Message(1, Node("Gather", ["shape", "zero"], "batch"))
            .Message(1, Node("Unsqueeze", ["batch", "axis"], "batch1"))
            .Message(1, Node("Concat", ["batch1", "last"], "flat").Message(5, Number("axis", 0)))
            .Message(1, Node("ReduceMean", ["h", "one"], "mean").Message(5, Number("keepdims", 1)))
            .Message(1, Node("Expand", ["mean", "shape"], "wide"))
            .Message(1, Node("Sub", ["h", "wide"], "centred"))
            .Message(1, Node("choose", ["centred", "yes"], "chosen", "pkg"))
            .Message(1, Node("Reshape", ["chosen", "flat"], "y"))
            .Message(11, Port("x", 1, 2, Features))
            .Message(12, Port("y", 1, 2 * Units));

        // linear(x, w) = LeakyRelu(x·wᵀ), the slope an attribute of the call.
        ProtobufMessage linear = Function("linear", ["x", "w"], "y").Text(6, "slope")
            .Message(7, Node("Transpose", ["w"], "wt").Message(5, new ProtobufMessage().Text(1, "perm").Integer(8, 1).Integer(8, 0).Integer(20, 7)))
            .Message(7, Node("MatMul", ["x", "wt"], "product"))
            .Message(7, Node("LeakyRelu", ["product"], "y").Message(5, new ProtobufMessage().Text(1, "alpha").Integer(20, 1).Text(21, "slope")));

        // choose(x, condition): a branch that reads the function's own tensors and calls another function.
        ProtobufMessage branch = new ProtobufMessage().Text(2, "then").Message(1, Node("twice", ["kept"], "result", "pkg")).Message(12, new ProtobufMessage().Text(1, "result"));
        ProtobufMessage other = new ProtobufMessage().Text(2, "else").Message(1, Node("Neg", ["kept"], "result")).Message(12, new ProtobufMessage().Text(1, "result"));
        ProtobufMessage choose = Function("choose", ["x", "condition"], "y")
            .Message(7, Node("Abs", ["x"], "kept"))
            .Message(7, Node("If", ["condition"], "y")
                .Message(5, new ProtobufMessage().Text(1, "then_branch").Integer(20, 5).Message(6, branch))
                .Message(5, new ProtobufMessage().Text(1, "else_branch").Integer(20, 5).Message(6, other)));
        ProtobufMessage twice = Function("twice", ["kept"], "sum").Message(7, Node("Add", ["kept", "kept"], "sum"));

        return new ProtobufMessage().Integer(1, 9).Message(7, graph)
            .Message(8, Opset("", 18)).Message(8, Opset("pkg", 1))
            .Message(25, linear).Message(25, choose).Message(25, twice)
            .ToArray();
    }

    private static ProtobufMessage Function(string name, string[] inputs, string output)
    {
        ProtobufMessage function = new ProtobufMessage().Text(1, name).Text(5, output).Text(10, "pkg").Message(9, Opset("", 18)).Message(9, Opset("pkg", 1));
        return inputs.Aggregate(function, (message, input) => message.Text(4, input));
    }

    private static ProtobufMessage Opset(string domain, int version) => new ProtobufMessage().Text(1, domain).Integer(2, version);

    private static ProtobufMessage Entry(string key, string value) => new ProtobufMessage().Text(1, key).Text(2, value);

    private static ProtobufMessage Number(string name, int value) => new ProtobufMessage().Text(1, name).Integer(3, value).Integer(20, 2);

    private static ProtobufMessage Node(string type, string[] inputs, string output, string domain = "") =>
        inputs.Aggregate(new ProtobufMessage(), (node, input) => node.Text(1, input)).Text(2, output).Text(3, $"node_{type}_{output}").Text(4, type).Text(7, domain);

    private static ProtobufMessage Integers(string name, int[] shape, long value) =>
        shape.Aggregate(new ProtobufMessage(), (tensor, size) => tensor.Integer(1, size)).Integer(2, 7).Text(8, name).Bytes(9, BitConverter.GetBytes(value));

    private static ProtobufMessage Port(string name, params int[] sizes)
    {
        ProtobufMessage shape = sizes.Aggregate(new ProtobufMessage(), (message, size) => message.Message(1, new ProtobufMessage().Integer(1, size)));
        return new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, new ProtobufMessage().Integer(1, 1).Message(2, shape)));
    }

    private static IEnumerable<float> Values(int count) => Enumerable.Range(0, count).Select(i => ((i * 7) % 11 / 5f) - 1f);
}
