using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace EdgeInference.Runtime.Tests.Kernels;

/// <summary>Where instruction sets may stand in the sources: a kernel that asks for one elsewhere would be written for some processors only.</summary>
public partial class SimdFolderTests
{
    private static readonly string folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "EdgeRuntime");

    [Fact]
    public void Only_files_in_Simd_use_vectors_of_the_runtime()
    {
        foreach ((string path, string text) in Sources(folder).Where(file => !file.Path.Contains($"{Path.DirectorySeparatorChar}Simd{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            Assert.False(Vectors().IsMatch(text), path);
        }
    }

    [Fact]
    public void Vectors_know_no_kernel()
    {
        foreach ((string path, string text) in Sources(Path.Combine(folder, "Simd")))
        {
            Assert.False(Kernels().IsMatch(text), path);
        }
    }

    private static List<(string Path, string Text)> Sources(string root)
    {
        Assert.SkipUnless(Directory.Exists(root), "The sources are not beside the tests.");
        List<(string, string)> files = [.. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(path => (path, File.ReadAllText(path)))];
        Assert.NotEmpty(files);
        return files;
    }

    [GeneratedRegex(@"System\.Runtime\.Intrinsics|\bVector(64|128|256|512)?(<\w+>|\.)")]
    private static partial Regex Vectors();

    [GeneratedRegex(@"using EdgeInference\.Runtime\.(?!Simd\b)")]
    private static partial Regex Kernels();

    private static string Here([CallerFilePath] string path = "") => path;
}
