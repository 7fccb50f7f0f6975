using System.Globalization;

namespace EdgeInference.Benchmarks.Models;

/// <summary>How many times as long as ours a peer has to take.</summary>
/// <param name="Ours">Our precision.</param>
/// <param name="Peer">Against whom.</param>
/// <param name="Ratio">The peer's time over ours, at least.</param>
internal sealed record Goal(Engine Ours, Engine Peer, double Ratio)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Peer.Title()} ≥ {Ratio:0.##}");
}
