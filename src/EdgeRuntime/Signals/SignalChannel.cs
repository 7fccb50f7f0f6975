namespace EdgeInference.Runtime.Signals;

/// <summary>A channel of a signal pipeline: one value of each sample.</summary>
/// <param name="Name">Its name, the first part of its features' names: <c>x</c> gives <c>x_mean</c>. At most 32,767 bytes of UTF-8, and not empty.</param>
/// <param name="CountSize">What one count is in the sensor's unit, above 0: values that are not integers become counts of this size. 1 where samples are counts.</param>
public sealed record SignalChannel(string Name, float CountSize = 1f);
