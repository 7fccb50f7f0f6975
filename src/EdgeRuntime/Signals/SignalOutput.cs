using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Signals;

/// <summary>What a signal pipeline makes of each channel.</summary>
/// <param name="Feature">The kind.</param>
/// <param name="Bands">Of a kind with bands: their number, 1 to 256. 0 for the others.</param>
/// <param name="Low">Where the lowest band begins, in Hz, 0 or more.</param>
/// <param name="High">Where the highest band ends, in Hz, at most half the sample rate; 0 for half the sample rate.</param>
/// <param name="Scale">How triangles are spaced.</param>
public sealed record SignalOutput(SignalFeature Feature, int Bands = 0, double Low = 0, double High = 0, MelScale Scale = MelScale.Htk);
