using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>A class text names one class, and a text that the source gives one class never becomes that of another.</summary>
public sealed class ClassTextsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-texts-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("three_texts", "cat,dog,emu", "'cat' as class 0 but in the model it is class 1 of 'emu', 'cat', 'dog'")]
    [InlineData("three_texts", "Cat,a,b", "'Cat' as class 0")]
    [InlineData("three_texts", "a,emu,b", "'emu' as class 1 but in the model it is class 0 of 'emu', 'cat', 'dog'")]
    [InlineData("three_texts", "a,b,a", "Two classes have the text 'a'")]
    [InlineData("three_texts", "a,,b", "text of class 1 is empty")]
    [InlineData("three_texts", "a,b", "2 texts but the model has 3 classes")]
    [InlineData("same_text_twice", null, "Two classes have the text 'a'")]
    public void Texts_that_would_name_another_class_are_refused(string name, string? classes, string reason)
    {
        (int exitCode, string error) = Export(name, classes, out _);
        Assert.Equal(1, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains("--", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("three_texts", null, null)]
    [InlineData("three_texts", "emu,cat,dog", null)]
    [InlineData("three_texts", "bird,cat,dog", "'emu' is now 'bird'.")]
    [InlineData("three_texts", "Emu,cat,cow", "--classes replaces the model's own class texts: 'emu' is now 'Emu', 'dog' is now 'cow'.")]
    [InlineData("same_text_twice", "a,b,c", "'a' is now 'c'.")]
    [InlineData("several_steps", null, null)]
    public void Other_texts_are_taken_and_said(string name, string? classes, string? said)
    {
        (int exitCode, string error) = Export(name, classes, out string model);
        Assert.True(exitCode == 0, error);
        Assert.Equal(said is not null, error.Contains("--classes replaces", StringComparison.Ordinal));
        Assert.Contains(said ?? "", error, StringComparison.Ordinal);
        using EdgeModel edge = EdgeModel.Load(model);
        Assert.Equal(classes ?? (name == "three_texts" ? "emu,cat,dog" : ""), string.Join(',', edge.Labels));
    }

    [Fact]
    public void A_threshold_is_refused_where_several_classes_decide_by_the_highest()
    {
        (int exitCode, string error) = Export("three_texts", null, out _, "--threshold", "0.7");
        Assert.Equal(1, exitCode);
        Assert.Contains("omit --threshold", error, StringComparison.Ordinal);
    }

    private (int ExitCode, string Error) Export(string name, string? classes, out string model, params string[] more)
    {
        model = Path.Combine(folder, "m.edge");
        string source = Path.Combine(AppContext.BaseDirectory, "TestData", "import", name + ".onnx");
        return CommandLine.Run(out _, ["export", source, "-o", model, .. classes is null ? Array.Empty<string>() : ["--classes", classes], .. more]);
    }
}
