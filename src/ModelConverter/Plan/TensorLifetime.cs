using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Plan;

/// <summary>A place in the arena: the steps it is needed for, and where it is.</summary>
/// <param name="value">The tensor that is first in it.</param>
/// <param name="start">The step that writes it; −1 where a caller does.</param>
/// <param name="end">The last step that reads it; the number of steps where a caller does.</param>
internal sealed class TensorLifetime(Value value, int start, int end)
{
    private const int Alignment = 64;

    internal Value Value { get; } = value;

    internal int Start { get; set; } = start;

    internal int End { get; set; } = end;

    internal int Offset { get; set; }

    /// <summary>Bytes, a multiple of the alignment.</summary>
    internal int Bytes { get; } = (value.Bytes + Alignment - 1) / Alignment * Alignment;

    internal bool Overlaps(TensorLifetime other) => Start <= other.End && other.Start <= End;
}
