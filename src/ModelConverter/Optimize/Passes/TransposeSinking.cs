using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>
/// Moves a Transpose behind the operators that do not care about the order of axes, until it meets another that undoes it:
/// so a network of convolutions is transposed once, at its input, and not around each.
/// </summary>
internal sealed class TransposeSinking : IGraphPass
{
    public string Name => "transpose sinking";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            int[]? permutation = node.Inputs.OfType<Value>().Where(input => !input.IsConstant).Select(graph.Producer).FirstOrDefault(producer => producer is { Opcode: Opcode.Transpose }) is { } transpose
                ? Permutation.Of(transpose)
                : null;
            if (permutation is not null && !FeedsLayer(graph, node) && OperatorDefinitions.Of(node.Opcode).MoveTranspose(new Mover(graph), node, permutation))
            {
                changed = true;
            }
        }

        return changed;
    }

    // A scale in front of a layer folds into it, and must not be moved away.
    private static bool FeedsLayer(Graph graph, Node node) =>
        AffineStep.IsByConstant(node) && graph.HasOneConsumer(node.Output, out Node consumer) && LayerWeights.Find(consumer) is not null;

    /// <summary>Lets the node work on the tensors before their transpositions, and transposes its output instead.</summary>
    private static bool Move(Graph graph, Node node, int[] permutation, int tensors)
    {
        int[] inverse = Permutation.Inverse(permutation);
        var inputs = new List<Value?>();
        foreach (Value? input in node.Inputs.Take(tensors))
        {
            if (Before(graph, input!, permutation, inverse) is not { } before)
            {
                return false;
            }

            inputs.Add(before);
        }

        Value output = node.Output;
        var inner = new Value(output.Name, output.Type, Permutation.Apply(inverse, output.Shape)) { Quantization = output.Quantization };
        for (int i = 0; i < inputs.Count; i++)
        {
            node.Inputs[i] = inputs[i];
        }

        node.Outputs[0] = inner;
        graph.Nodes.InsertAfter(node, Permutation.Node(node.Name, inner, output, permutation));
        return true;
    }

    // What an input is before the transposition: the Transpose's own input, or a constant turned the other way round.
    private static Value? Before(Graph graph, Value input, int[] permutation, int[] inverse)
    {
        if (input.IsConstant)
        {
            return input.Type == TensorType.Float32 && input.Shape.Length <= permutation.Length ? PermutedConstant.Of(input, inverse) : null;
        }

        return graph.Producer(input) is { Opcode: Opcode.Transpose } transpose && Permutation.Of(transpose).AsSpan().SequenceEqual(permutation)
            ? transpose.Input(0)
            : null;
    }

    // Transpose, flatten, Dense: the weights' columns change places instead of the elements.
    private static bool IntoDense(Graph graph, Node reshape, int[] permutation)
    {
        Node transpose = graph.Producer(reshape.Input(0))!;
        int[] source = transpose.Input(0).Shape;
        int rows = source[0];
        bool flattens = permutation[0] == 0 && reshape.Output.Shape.Length == 2 && reshape.Output.Shape[0] == rows;
        if (!flattens || !graph.HasOneConsumer(reshape.Output, out Node dense) || dense.Opcode != Opcode.Dense || dense.Input(1).Data is not (float[] or sbyte[]))
        {
            return false;
        }

        int depth = reshape.Output.Shape[1];
        float[] order = [.. Enumerable.Range(0, depth).Select(i => (float)i)];
        if (depth > 1 << 24)
        {
            return false;
        }

        // For each place after the transposition, where the element was before.
        Value places = PermutedConstant.Of(Value.Constant("order", order, [1, .. source[1..]]), permutation);
        Value weights = dense.Input(1);
        dense.Inputs[1] = new Value(weights.Name, weights.Type, weights.Shape)
        {
            Data = weights.Data is float[] real ? Moved(real, places.Floats) : Moved((sbyte[])weights.Data!, places.Floats),
            Quantization = weights.Quantization,
        };
        reshape.Inputs[0] = transpose.Input(0);
        return true;
    }

    // In each row, the element at i goes to places[i].
    private static T[] Moved<T>(T[] rows, float[] places)
    {
        var moved = new T[rows.Length];
        for (int start = 0; start < rows.Length; start += places.Length)
        {
            for (int i = 0; i < places.Length; i++)
            {
                moved[start + (int)places[i]] = rows[start + i];
            }
        }

        return moved;
    }

    private sealed record Mover(Graph Graph) : ITransposeMover
    {
        public bool Move(Node node, int[] permutation, int tensors = int.MaxValue) => TransposeSinking.Move(Graph, node, permutation, tensors);

        public Value Before(Value transposed) => Graph.Producer(transposed)!.Input(0);

        public bool MoveIntoDense(Node reshape, int[] permutation) => IntoDense(Graph, reshape, permutation);
    }
}
