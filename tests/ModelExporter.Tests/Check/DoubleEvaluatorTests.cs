using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Check;

public class DoubleEvaluatorTests
{
    public static TheoryData<string> Models =>
    [
        .. new[] { "keras", "loops", "contract", "accuracy" }.SelectMany(folder => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "TestData", folder)))
            .Where(file => Path.GetExtension(file) is ".onnx" or ".keras").Select(file => Path.GetRelativePath(AppContext.BaseDirectory, file)),
    ];

    [Fact]
    public void Every_operator_of_float32_tensors_has_a_double_form() =>
        Assert.Equal(
            [Opcode.Table, Opcode.Quantize, Opcode.Dequantize, Opcode.QuantizedLSTM, Opcode.QuantizedRecurrent],
            Enum.GetValues<Opcode>().Where(opcode => OperatorDefinitions.Of(opcode).Reference is null));

    [Theory]
    [MemberData(nameof(Models))]
    public void Double_precision_and_the_engine_agree_to_1e_5(string file)
    {
        Graph source;
        try
        {
            source = ModelImporter.Import(Path.Combine(AppContext.BaseDirectory, file));
        }
        catch (InputException)
        {
            // Other tests assert why.
            return;
        }

        ExportCheck check = ExportCheck.Of(source)!;
        Graph graph = GraphOptimizer.Optimize(source);
        CheckResult result = check.Compare(graph, graph, [], "");
        Assert.Equal("float64", result.Reference);
        Assert.InRange(result.Float32Deviation, 0, 1e-5);
    }

    [Fact]
    public void Sums_are_those_of_double_precision()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 1);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph);
        Value sum = builder.Arithmetic(Opcode.Add, x, Value.Constant("large", [1e8f]));
        graph.Outputs.Add(builder.Arithmetic(Opcode.Sub, sum, Value.Constant("large", [1e8f])));
        double y = Assert.Single(new DoubleEvaluator(graph).Run([0.3f]));
        Assert.Equal(0.3, y, 1e-7);
    }

    [Fact]
    public void A_quantized_source_is_compared_in_float32_and_named()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 4);
        graph.Inputs.Add(x);
        var q = new Value("q", TensorType.Int8, 1, 4) { Quantization = new Quantization(0.1f, 3) };
        var y = new Value("y", TensorType.Float32, 1, 4);
        graph.Nodes.Add(new Node(Opcode.Quantize, "quantize", [x], q));
        graph.Nodes.Add(new Node(Opcode.Dequantize, "dequantize", [q], y));
        graph.Outputs.Add(y);
        CheckResult result = ExportCheck.Of(graph)!.Compare(graph, graph, [], "");
        Assert.Equal(("float32", "Quantize", 0.0), (result.Reference, result.NoDoubleForm, result.Float32Deviation));
        Assert.Contains("float32 reference: Quantize cannot be evaluated in double precision", result.Line(Precision.Int8), StringComparison.Ordinal);
    }
}
