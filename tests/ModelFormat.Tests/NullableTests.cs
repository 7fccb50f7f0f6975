using System.Runtime.CompilerServices;

namespace EdgeInference.ModelFormat.Tests;

/// <summary>nanoFramework's C# 7.3 does not know the directive; whatever it does not compile is checked for null.</summary>
public sealed class NullableTests
{
    private static readonly string[] Shared = ["Reading", "Numerics", "Adaptation"];

    [Fact]
    public void Each_file_that_is_not_compiled_for_nanoFramework_is_checked_for_null()
    {
        string[] files = [.. Directory.EnumerateFiles(Source(), "*.cs", SearchOption.AllDirectories)
            .Where(path => !Shared.Concat(["bin", "obj"]).Contains(Path.GetRelativePath(Source(), path).Split(Path.DirectorySeparatorChar)[0]))];

        Assert.Contains(files, path => Path.GetFileName(path) == "ModelBytes.cs");
        Assert.All(files, path => Assert.StartsWith("#nullable enable", File.ReadAllText(path), StringComparison.Ordinal));
    }

    private static string Source([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src", "ModelFormat");
}
