using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>A softmax of two classes is the sigmoid of the difference of their logits, which has one fine output for each class where a softmax in fixed point has none.</summary>
internal static class SoftmaxOfTwo
{
    /// <summary>A copy of a float graph in which a last Dense of two units gives the differences and a sigmoid follows; the graph itself where it does not end so.</summary>
    internal static Graph Replace(Graph graph)
    {
        if (graph.Outputs is not [var output] || graph.Producer(output) is not { } softmax || Layer(graph, softmax) is null)
        {
            return graph;
        }

        Graph copy = GraphCopy.Copy(graph);
        softmax = copy.Producer(copy.Outputs[0])!;
        Node layer = Layer(copy, softmax)!;
        double beta = softmax.Float(SoftmaxRule.Beta);
        Value weights = layer.Input(1);
        int depth = weights.Elements / 2;
        layer.Inputs[1] = Value.Constant(weights.Name, Differences(weights.Floats, depth, beta), weights.Shape);
        if (layer.InputOrNull(2) is { } bias)
        {
            layer.Inputs[2] = Value.Constant(bias.Name, Differences(bias.Floats, 1, beta), bias.Shape);
        }

        copy.Nodes.Replace(softmax, new Node(Opcode.Activation, softmax.Name, [softmax.Input(0)], softmax.Output).WithActivation(ActivationRule.Kind, ActivationKind.Sigmoid));
        return copy;
    }

    private static Node? Layer(Graph graph, Node softmax) =>
        softmax is { Opcode: Opcode.Softmax, Inputs.Count: 1 } && softmax.Output.LastDimension == 2 && graph.HasOneConsumer(softmax.Input(0), out _)
        && graph.Producer(softmax.Input(0)) is { Opcode: Opcode.Dense } layer && layer.Parameters[DenseRule.Activation] == (int)ActivationKind.Linear
        && layer.Input(1) is { IsConstant: true, Type: TensorType.Float32 } && layer.InputOrNull(2) is null or { IsConstant: true } ? layer : null;

    private static float[] Differences(float[] values, int depth, double beta) =>
        [.. Enumerable.Range(0, 2 * depth).Select(i => (float)(beta * ((double)values[i] - values[(i + depth) % (2 * depth)])))];
}
