using System.Text.Json;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>A comparison of two models pairs features by name and never one class with another.</summary>
public sealed class ComparedModelTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-compared-").FullName;

    public ComparedModelTests()
    {
        File.WriteAllLines(InFolder("rows.csv"), ["a,b,c,d,y", "1,-2,0.5,3,emu", "-1,0.25,2,-0.5,cat", "0.1,1.5,-2,0.75,dog"]);
        Export("first.edge", "a,b,c,d", "emu,cat,dog");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Features_in_another_order_are_taken_by_name()
    {
        Export("reversed.edge", "d,c,b,a", "emu,cat,dog");
        (int exitCode, string error) = Compare("reversed.edge", out string text);
        Assert.True(exitCode == 0, error);
        using var json = JsonDocument.Parse(text);
        Assert.True(json.RootElement.GetProperty("worst_deviation").GetDouble() > 0.01, text);
    }

    [Theory]
    [InlineData("a,b,c,e", "emu,cat,dog", "the feature 'e'")]
    [InlineData("a,b,c,d", "cat,emu,dog", "'emu' as class 1 but this model has it as class 0")]
    public void Another_feature_or_another_order_of_classes_is_refused(string features, string classes, string reason)
    {
        Export("other.edge", features, classes);
        (int exitCode, string error) = Compare("other.edge", out _);
        Assert.Equal(1, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_takes_no_source_of_another_order()
    {
        Export("reversed.edge", "d,c,b,a", "emu,cat,dog");
        (int exitCode, string error) = CommandLine.Run(out _, "report", InFolder("first.edge"), "-d", InFolder("rows.csv"), "-l", "y", "--source", InFolder("reversed.edge"), "-o", InFolder("r.html"));
        Assert.Equal(1, exitCode);
        Assert.Contains("give the model that it was exported from", error, StringComparison.Ordinal);
    }

    private string InFolder(string name) => Path.Combine(folder, name);

    private (int ExitCode, string Error) Compare(string other, out string text) =>
        CommandLine.Run(out text, "evaluate", InFolder("first.edge"), "-d", InFolder("rows.csv"), "-l", "y", "--against", InFolder(other), "--json");

    private void Export(string name, string features, string classes)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "TestData", "import", "one_softmax.onnx");
        (int exitCode, string error) = CommandLine.Run(out _, "export", source, "-o", InFolder(name), "--features", features, "--classes", classes);
        Assert.True(exitCode == 0, error);
    }
}
