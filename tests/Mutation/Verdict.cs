namespace EdgeInference.Mutation;

/// <summary>
/// What became of a mutant: the tests that failed ("hung" or "crashed" where none could say so), and how many classes reach it; null
/// where a named test caught it before that was asked.
/// </summary>
internal sealed record Verdict(Mutant Mutant, bool Caught, bool Hung, IReadOnlyList<string> By, int? Reached, double Seconds, bool Rebuilt = false)
{
    /// <summary>The list names tests, and none of them failed.</summary>
    public bool ByOthers { get; init; }
}
