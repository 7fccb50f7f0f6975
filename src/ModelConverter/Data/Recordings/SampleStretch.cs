namespace EdgeInference.ModelConverter.Data.Recordings;

/// <summary>Samples of one label that follow one another: no window reaches beyond them.</summary>
/// <param name="First">The first sample.</param>
/// <param name="Count">Number of samples.</param>
/// <param name="Label">The code of their label, −1 where there is none.</param>
/// <param name="Group">The code of their group, 0 where there are none.</param>
/// <param name="Line">The line of the first.</param>
internal readonly record struct SampleStretch(int First, int Count, int Label, int Group, int Line);
