namespace EdgeInference.ModelConverter;

/// <summary>What one inference takes of a stream of samples. A device's loop is held to it.</summary>
/// <param name="Period">Seconds from one sample to the next, finite; 0 where it is not known.</param>
/// <param name="Length">Samples of the window, 0 where it is not known.</param>
/// <param name="Hop">Samples from the start of one window to that of the next, 1 to <paramref name="Length"/>.</param>
public sealed record SampleWindow(float Period, int Length, int Hop);
