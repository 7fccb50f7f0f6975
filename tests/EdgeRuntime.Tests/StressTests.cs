using EdgeRuntime.Stress;

namespace EdgeRuntime.Tests;

public class StressTests
{
    [Fact]
    public void Random_programs_stay_within_their_memory()
    {
        // A seed of the day finds more over time; it is in the message where it fails.
        int seed = DateTime.UtcNow.DayOfYear;
        (int exitCode, string output) = StressProcess.Run("bounds", $"{seed}", "150");
        Assert.True(exitCode == 0, $"seed {seed}: exit code {exitCode}; program and end of output: {output[Math.Max(0, output.Length - 2000)..]}");
        Assert.Contains("150 programs", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("before", false)]
    [InlineData("after", false)]
    [InlineData("constant", false)]
    [InlineData("none", true)]
    public void One_byte_outside_ends_the_process(string where, bool survives)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Guard pages are made with Linux's mmap.");
        (int exitCode, string output) = StressProcess.Run("bounds-fault", where);
        Assert.Equal(survives, exitCode == 0);
        Assert.Equal(survives, output.Contains("still here", StringComparison.Ordinal));
    }

    [Fact]
    public void Mutants_are_refused_by_name_or_valid()
    {
        long valid = 0;
        for (int seed = 0; seed < 4; seed++)
        {
            valid += MutationRun.Round(seed, 5000).Valid;
        }

        // Both ways must be taken often, or the mutator does not reach what it should.
        Assert.InRange(valid, 1000, 15_000);
    }

    [Fact]
    public void Swaps_under_load_give_no_wrong_decision_and_no_allocation()
    {
        double seconds = double.Parse(Environment.GetEnvironmentVariable("EDGE_LOAD_SECONDS") ?? "5", System.Globalization.CultureInfo.InvariantCulture);
        LoadResult result = LoadRun.Measure(8, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds < 60 ? 0.25 : 1));
        Assert.Equal(0, result.Wrong);
        Assert.Equal(0, result.Allocated);
        Assert.True(result.Decisions > 0 && result.VersionsSeen > 1, $"{result}");
    }
}
