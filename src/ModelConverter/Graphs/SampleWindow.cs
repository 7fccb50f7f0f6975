namespace EdgeInference.ModelConverter.Graphs;

/// <summary>What one inference takes of a stream of samples.</summary>
/// <param name="Period">Seconds from one sample to the next, 0 where it is not known.</param>
/// <param name="Length">Samples of the window.</param>
/// <param name="Hop">Samples from the start of one window to that of the next.</param>
internal sealed record SampleWindow(float Period, int Length, int Hop);
