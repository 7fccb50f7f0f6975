using System.Numerics.Tensors;
using EdgeInference.Benchmarks.Contenders;
using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelTraining;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>Functions of 4,096 elements from −4 to 4, as models of one operator.</summary>
internal static class FunctionCases
{
    private const int Elements = 4096;

    internal static IEnumerable<(string Name, Func<ModelCase> Create)> All { get; } =
    [
        ("exp_4096", () => Create("exp_4096", (onnx, x) => onnx.Node("Exp", [x]), TensorPrimitives.Exp)),
        ("softmax_4096", () => Create("softmax_4096", (onnx, x) => onnx.Node("Softmax", [x], ("axis", -1)), TensorPrimitives.SoftMax)),
        ("erf_4096", () => Create("erf_4096", (onnx, x) => onnx.Node("Erf", [x]), null)),
        ("sigmoid_4096", () => Create("sigmoid_4096", (onnx, x) => onnx.Node("Sigmoid", [x]), TensorPrimitives.Sigmoid)),
        ("tanh_4096", () => Create("tanh_4096", (onnx, x) => onnx.Node("Tanh", [x]), TensorPrimitives.Tanh)),
        ("silu_4096", () => Create("silu_4096", (onnx, x) => onnx.Node("Mul", [x, onnx.Node("Sigmoid", [x])]), Silu)),
        ("gelu_4096", () => Create("gelu_4096", Gelu, null) with { Goals = [] }),
    ];

    private static ModelCase Create(string name, Func<OnnxGraphBuilder, string, string> formula, FunctionContender.Function? library)
    {
        var builder = new OnnxGraphBuilder();
        string result = builder.NodeTo("y", "Identity", [formula(builder, "x")]);
        byte[] onnx = builder.Build(name, "benchmarks", "x", [Elements], result, [Elements]);
        float[] row = [.. CaseRows.Draw(Elements, 1)[0].Select(value => (8 * value) - 4)];
        Goal[] goals = [new(Engine.Float32, Engine.OnnxFloat32, 1), new(Engine.Float32, Engine.TensorPrimitives, 1)];
        return new ModelCase(name, GraphOptimizer.Optimize(OnnxImporter.Import(onnx, name)), onnx, RowSet.Of([row]))
        {
            Precisions = [Precision.Float32],
            Peers = library is null ? [Engine.C] : [Engine.TensorPrimitives, Engine.C],
            Own = library is null ? null : model => new FunctionContender(model.Rows, library),
            HasFastMath = true,
            IsProducts = false,
            Goals = library is null ? goals[..1] : goals,
        };
    }

    private static string Gelu(OnnxGraphBuilder onnx, string x)
    {
        string erf = onnx.Node("Erf", [onnx.Node("Div", [x, onnx.Scalar(MathF.Sqrt(2))])]);
        return onnx.Node("Mul", [onnx.Node("Mul", [x, onnx.Node("Add", [erf, onnx.Scalar(1)])]), onnx.Scalar(0.5f)]);
    }

    private static void Silu(ReadOnlySpan<float> x, Span<float> y)
    {
        TensorPrimitives.Sigmoid(x, y);
        TensorPrimitives.Multiply(x, y, y);
    }
}
