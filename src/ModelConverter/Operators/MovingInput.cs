using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>An input that holds the frames of a sequence.</summary>
/// <param name="Value">The input, in the graph of the whole sequence.</param>
/// <param name="Time">Where it holds them.</param>
internal readonly record struct MovingInput(Value Value, TimeAxis Time)
{
    /// <summary>Whether its last axis has the frames.</summary>
    internal bool IsOnLastAxis => Time.Axis == Value.Shape.Length - 1;
}
