using System.Text.Json;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary><c>edge bench</c>: what it says of each operator.</summary>
public class BenchCommandTests
{
    [Fact]
    public void Operators_are_timed_in_the_order_of_the_model()
    {
        string model = Path.Combine(TestData.Root, "data", "breast_cancer_mlp.onnx");
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".edge");
        try
        {
            Assert.Equal(0, CommandLine.Run(out _, "export", model, "-o", file).ExitCode);
            Assert.Equal(0, CommandLine.Run(out string inspected, "inspect", file, "--json").ExitCode);
            Assert.Equal(0, CommandLine.Run(out string text, "bench", file, "--operators", "--json").ExitCode);
            using JsonDocument timed = JsonDocument.Parse(text);
            using JsonDocument expected = JsonDocument.Parse(inspected);
            Assert.Equal(0, timed.RootElement.GetProperty("bytes_allocated_per_inference").GetInt64());
            JsonElement[] operators = [.. timed.RootElement.GetProperty("operators").EnumerateArray()];
            Assert.Equal(
                expected.RootElement.GetProperty("operators").EnumerateArray().Select(row => row.GetProperty("operator").GetString()),
                operators.Select(row => row.GetProperty("operator").GetString()));
            Assert.All(operators, row => Assert.True(row.GetProperty("fast_nanoseconds").GetDouble() > 0));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
