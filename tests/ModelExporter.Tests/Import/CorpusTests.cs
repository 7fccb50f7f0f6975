using Fuzz;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>The files that fuzzing the importers found: each reaches a place of its own, and what becomes of it is known.</summary>
public class CorpusTests
{
    public static TheoryData<string> Targets => [.. Corpus.Targets.Where(target => target != "edge")];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Files_are_refused_or_accepted_as_when_they_were_found(string target)
    {
        string[] now = Corpus.Outcomes(target, ImporterTargets.Find(target, Corpus.Companions));
        Assert.Equal(Corpus.Expected(target, now), now);
    }
}
