using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>What a CumSum becomes.</summary>
public class RunningSumTests
{
    [Theory]
    [InlineData(1024, "Dense", "CumSum")]
    [InlineData(1025, "CumSum", "Dense")]
    public void A_long_sum_is_an_operator_of_its_own(int size, string expected, string other)
    {
        Graph graph = OnnxImporter.Import(Case("CumSum", [X(1, size), Scalar(1, OnnxElementType.Int32)]).Write(), "m.onnx");
        string[] operators = [.. graph.Nodes.Select(node => node.Opcode.ToString())];
        Assert.Contains(expected, operators);
        Assert.DoesNotContain(other, operators);
    }
}
