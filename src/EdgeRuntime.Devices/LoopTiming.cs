namespace EdgeInference.Devices;

/// <summary>When a turn of the loop was, and how long it took.</summary>
/// <param name="Lateness">How much later than due the sample was taken.</param>
/// <param name="Duration">Time from the start of the sample's read to the end of its decision and outputs.</param>
public readonly record struct LoopTiming(TimeSpan Lateness, TimeSpan Duration);
