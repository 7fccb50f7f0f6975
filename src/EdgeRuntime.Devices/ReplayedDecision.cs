namespace EdgeInference.Devices;

/// <summary>The loop's label has changed at a row of a recording.</summary>
/// <param name="Time">Time since the recording's first row was due.</param>
/// <param name="Line">The row's line in the file.</param>
/// <param name="ClassText">The class that stands now, its number where the model has no texts; null in the safe state.</param>
/// <param name="Probability">The probability of the last decision: that of class 1 of two, of the most probable class of several.</param>
public readonly record struct ReplayedDecision(TimeSpan Time, int Line, string? ClassText, float Probability);
