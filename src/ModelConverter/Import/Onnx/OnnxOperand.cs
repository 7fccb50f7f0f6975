using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>
/// A tensor during import. Inside, every number is a float32 by value, whatever type the source model has (integers are
/// exact to ±2²⁴, truth is 1); the source's type says what its operators mean.
/// </summary>
/// <param name="Value">The tensor in the graph, or a constant.</param>
/// <param name="Type">The element type in the source model.</param>
internal sealed record OnnxOperand(Value Value, OnnxElementType Type)
{
    internal int[] Shape => Value.Shape;

    internal int Rank => Value.Shape.Length;

    internal bool IsConstant => Value.IsConstant;

    /// <summary>The elements of a constant of text, or null.</summary>
    internal IReadOnlyList<string>? Texts { get; init; }
}
