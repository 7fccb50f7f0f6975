namespace EdgeInference.ModelTraining.Search;

/// <summary>What became of a candidate.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Score">How well it did.</param>
/// <param name="File">Its file, of a model fitted to the first fold; in the precision that was asked for.</param>
/// <param name="Milliseconds">Estimated time of an inference on an ESP32, or null where there is no estimate.</param>
/// <param name="RamBytes">Estimated RAM on an ESP32, the file included; or null.</param>
internal sealed record CandidateResult(Candidate Candidate, CandidateScore Score, byte[] File, double? Milliseconds, int? RamBytes)
{
    /// <summary>Bytes of <see cref="File"/>.</summary>
    public int Bytes => File.Length;

    /// <summary>Why it may not be chosen; null where it may.</summary>
    public string? Refused { get; init; }

    /// <summary>How much worse than the best it is, row by row; 0 for the best.</summary>
    public PairedDifference ToBest { get; init; }
}
