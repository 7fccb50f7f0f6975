using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Plan;

/// <summary>Where each tensor lives.</summary>
/// <param name="Offsets">Byte offset of each value that is not a constant.</param>
/// <param name="Bytes">Size of the arena.</param>
/// <param name="LowerBound">The most bytes alive at one step: no plan can need less.</param>
internal sealed record ArenaPlan(IReadOnlyDictionary<Value, int> Offsets, int Bytes, int LowerBound);
