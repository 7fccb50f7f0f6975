using EdgeInference.Runtime.Stress;

namespace EdgeInference.Runtime.Tests;

/// <summary>Handles that are disposed while other threads use them. In processes of their own, which memory that is freed too early ends.</summary>
public sealed class DisposeTests
{
    public static TheoryData<string> Handles => [.. DisposeRun.Cases.Keys];

    [Theory]
    [MemberData(nameof(Handles))]
    public void Who_uses_a_handle_that_is_disposed_gets_an_exception(string handle)
    {
        (int exitCode, string output) = StressProcess.Run("dispose", handle, "40");
        Assert.True(exitCode == 0, $"exit code {exitCode}: {output[..Math.Min(output.Length, 2000)]}");
        Assert.Matches($"^{handle}: [1-9][0-9]* results, 120 times ObjectDisposedException", output);
    }

    [Fact]
    public void A_span_that_was_handed_out_outlives_its_session()
    {
        (int exitCode, string output) = StressProcess.Run("spans");
        Assert.Equal((0, "spans stay"), (exitCode, output.Trim()));
    }

    [Fact]
    public void A_file_that_is_truncated_after_it_was_loaded_does_not_matter()
    {
        (int exitCode, string output) = StressProcess.Run("truncate", "copy");
        Assert.Equal((0, "right"), (exitCode, output.Trim()));
    }
}
