using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>The shapes of an operator's tensors, whether it is in a graph or in a file.</summary>
/// <param name="Inputs">Those of the inputs; empty for one that is absent.</param>
/// <param name="Output">That of the first output.</param>
internal sealed record OperatorShapes(IReadOnlyList<int[]> Inputs, int[] Output)
{
    /// <summary>The shapes of a node.</summary>
    internal static OperatorShapes Of(Node node) => new([.. node.Inputs.Select(input => input?.Shape ?? [])], node.Output.Shape);

    /// <summary>The shapes of an operator of a file.</summary>
    internal static OperatorShapes Of(OperatorRecord record) => new([.. record.Inputs.Select(input => input is null ? [] : Shape(input))], Shape(record.Outputs[0]));

    /// <summary>The number of elements of a shape.</summary>
    internal static long Elements(int[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private static int[] Shape(TensorInfo tensor) => [.. Enumerable.Range(0, tensor.Rank).Select(tensor.Dimension)];
}
