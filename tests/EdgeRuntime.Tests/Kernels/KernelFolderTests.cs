using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Tests.Kernels;

/// <summary>Where kernels lie: in a folder for each family, the same families in both engines.</summary>
public class KernelFolderTests
{
    // Operators that move elements treat all types alike.
    private static readonly string[] types = ["Float32", "Int8", "Int16", "Quantized"];

    private static readonly string source = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src");

    [Fact]
    public void Both_engines_have_the_same_families()
    {
        string kernels = Kernels("EdgeRuntime");
        string[] all = Folders(kernels);
        Assert.Empty(types.Except(all));
        IEnumerable<string> desktop = all.Except(types).Concat(types.SelectMany(type => Folders(Path.Combine(kernels, type))));
        Assert.Equal(Folders(Kernels("EdgeRuntime.Nano")).Order(StringComparer.Ordinal), desktop.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("EdgeRuntime")]
    [InlineData("EdgeRuntime.Nano")]
    public void No_folder_of_kernels_has_more_than_15_sources(string engine)
    {
        string root = Kernels(engine);
        foreach (string folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Append(root))
        {
            Assert.True(Directory.EnumerateFiles(folder, "*.cs").Count() <= 15, folder);
        }
    }

    private static string[] Folders(string folder) => [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path))];

    private static string Kernels(string engine)
    {
        string path = Path.Combine(source, engine, "Kernels");
        Assert.SkipUnless(Directory.Exists(path), "The sources are not beside the tests.");
        return path;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
