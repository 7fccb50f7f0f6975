using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Check;

public class CheckStateTests
{
    [Fact]
    public void Every_row_begins_with_states_of_0()
    {
        // y = x + s, and y is the next s.
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        var s = new Value("s", TensorType.Float32, 1, 2) { IsState = true };
        var y = new Value("y", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        graph.Nodes.Add(new Node(Opcode.Add, "sum", [x, s], y));
        graph.Nodes.Add(new Node(Opcode.Activation, "keep", [y], s).WithActivation(ActivationRule.Kind, ActivationKind.Linear));
        graph.Outputs.Add(y);
        CheckResult result = ExportCheck.Of(graph)!.Compare(graph, graph, [[1f, 2f], [3f, 4f], [0.5f, -1f]], "calibration");
        Assert.Equal(("float64", 0.0), (result.Reference, result.Float32Deviation));
        Assert.Equal([4.0, 6.0], new DoubleEvaluator(graph).Run([4f, 6f]));
    }
}
