namespace EdgeInference.Benchmarks.Models;

/// <summary>Why an engine cannot be made for a model on this machine.</summary>
internal sealed class PeerException(string reason) : Exception(reason);
