using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>What an importer knows of a tensor's meaning that the operators of the graph do not show.</summary>
/// <param name="Role">What the tensor holds.</param>
/// <param name="Loss">The loss that says so, for a tensor whose operators leave it open; null if the source's own operator says it.</param>
/// <param name="Same">The tensor that it is in another scale, or null.</param>
/// <param name="Head">The function that gives a probability.</param>
internal sealed record OutputHint(OutputRole Role, string? Loss = null, Value? Same = null, DecisionHead Head = DecisionHead.None);
