using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Products whose float graph rounds each row by its own largest value, as Keras' int8 layers do: round(x·s)·K / (s·c). A fixed-point
/// model has its own scale for every tensor, and s, which a row of zeros makes 127 / 1e-7, has no useful range. So the
/// product becomes x·(K/c), which is what it stands for, and is quantized as any other.
/// </summary>
internal static class RowRounding
{
    /// <summary>The graph without such roundings; the graph itself where it has none.</summary>
    internal static Graph Remove(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (Product(graph, node) is not { } product)
            {
                continue;
            }

            graph.Nodes.Replace(node, product);
            changed = true;
        }

        return changed ? GraphOptimizer.Optimize(graph) : graph;
    }

    // Div(Dense(Clip(Round(Mul(x, s))), K), Mul(s, c)), of which s is any value of one element a row.
    private static Node? Product(Graph graph, Node node)
    {
        if (node.Opcode != Opcode.Div
            || graph.Producer(node.Input(0)) is not { Opcode: Opcode.Dense } dense || dense.Inputs.Count != 2 || !dense.Input(1).IsConstant
            || Unary(graph, dense.Input(0), UnaryKind.Clip) is not { } clipped
            || Unary(graph, clipped, UnaryKind.Round) is not { } rounded
            || graph.Producer(rounded) is not { Opcode: Opcode.Mul } scaled
            || graph.Producer(node.Input(1)) is not { Opcode: Opcode.Mul } scales)
        {
            return null;
        }

        foreach ((Value x, Value s) in new[] { (scaled.Input(0), scaled.Input(1)), (scaled.Input(1), scaled.Input(0)) })
        {
            Value? constants = scales.Input(0) == s ? scales.Input(1) : scales.Input(1) == s ? scales.Input(0) : null;
            Value kernel = dense.Input(1);
            int units = kernel.Shape[0];
            if (constants is { IsConstant: true } && constants.Elements == units && s.LastDimension == 1 && x.LastDimension == kernel.Shape[1])
            {
                int depth = kernel.Shape[1];
                var weights = Value.Constant(kernel.Name, [.. kernel.Floats.ToArray().Select((value, i) => value / constants.Floats[i / depth])], units, depth);
                return new Node(Opcode.Dense, node.Name, [x, weights], node.Output).WithActivation(DenseRule.Activation, ActivationKind.Linear);
            }
        }

        return null;
    }

    private static Value? Unary(Graph graph, Value value, UnaryKind kind) =>
        graph.Producer(value) is { Opcode: Opcode.Unary } node && node.Parameters[UnaryRule.Kind] == (int)kind ? node.Input(0) : null;
}
