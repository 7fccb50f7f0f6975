namespace EdgeInference.Runtime.Signals;

/// <summary>A filter of a signal pipeline, for all channels.</summary>
/// <param name="Kind">What it lets through.</param>
/// <param name="Frequency">Cutoff, where half of the power passes, or centre; in Hz, above 0 and below half the sample rate.</param>
/// <param name="Order">Of a low or high pass: Butterworth of order 2, 4, 6 or 8. 2 for the others.</param>
/// <param name="Quality">Of a band pass or notch: centre divided by the width between the points of half power, above 0.</param>
public sealed record SignalFilter(FilterKind Kind, double Frequency, int Order = 2, double Quality = 1);
