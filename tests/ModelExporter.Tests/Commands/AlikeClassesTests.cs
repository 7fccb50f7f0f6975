namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Labels that differ only in case or spaces are trained as they are written, and that is said.</summary>
public sealed class AlikeClassesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-alike-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("Yes", true)]
    [InlineData("y es", true)]
    [InlineData("yes", false)]
    public void Labels_of_two_spellings_are_said(string other, bool isSaid)
    {
        string data = Path.Combine(folder, "d.csv");
        File.WriteAllLines(data, ["x,y", .. Enumerable.Range(0, 40).Select(i => $"{i}.5,{(i < 20 ? "no" : i % 2 == 0 ? "yes" : other)}")]);
        (int exitCode, string error) = CommandLine.Run(out _, "train", data, "--label", "y", "-o", Path.Combine(folder, "m.edge"), "--quiet", "--epochs", "2");
        Assert.True(exitCode == 0, error);
        Assert.Equal(isSaid, error.Contains("differ only in case or spaces", StringComparison.Ordinal));
        Assert.Equal(isSaid, error.Contains($"'{other}'", StringComparison.Ordinal));
    }
}
