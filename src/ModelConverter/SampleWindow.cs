namespace EdgeInference.ModelConverter;

/// <summary>The part of a sample stream that one inference takes. A device's loop must use the same.</summary>
/// <param name="Period">Seconds between samples, finite; 0 if unknown.</param>
/// <param name="Length">Samples of the window, 0 if unknown.</param>
/// <param name="Hop">Samples from the start of one window to that of the next, 1 to <paramref name="Length"/>.</param>
public sealed record SampleWindow(float Period, int Length, int Hop);
