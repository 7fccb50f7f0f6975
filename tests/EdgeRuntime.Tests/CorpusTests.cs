using EdgeInference.Runtime.Stress;
using Fuzz;

namespace EdgeInference.Runtime.Tests;

/// <summary>The files that fuzzing the reader found: each reaches a place of its own, and what becomes of it is known.</summary>
public class CorpusTests
{
    [Fact]
    public void Files_are_refused_or_valid_as_when_they_were_found()
    {
        string[] now = Corpus.Outcomes("edge", EdgeTarget.Read);
        Assert.Equal(Corpus.Expected("edge", now), now);
    }

    [Fact]
    public void Valid_files_run_within_their_memory()
    {
        (int exitCode, string output) = StressProcess.Run("bounds-files", Corpus.FolderOf("edge"));
        Assert.True(exitCode == 0, output[Math.Max(0, output.Length - 2000)..]);
        int accepted = Corpus.Outcomes("edge", EdgeTarget.Read).Count(line => line.EndsWith(Corpus.Accepted, StringComparison.Ordinal));
        Assert.Contains($"{accepted} valid files stayed within their memory", output, StringComparison.Ordinal);
    }
}
