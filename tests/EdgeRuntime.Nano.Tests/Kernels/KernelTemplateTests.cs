using System.Runtime.CompilerServices;

namespace EdgeInference.Nano.Tests.Kernels;

/// <summary>
/// Kernels written from a template are what it gives. Write them anew with
/// <c>EDGE_WRITE_GOLDEN=1 dotnet test tests/EdgeRuntime.Nano.Tests --filter KernelTemplateTests</c>.
/// </summary>
public class KernelTemplateTests
{
    private const string Mark = "// Written from ";

    private static readonly string folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "EdgeRuntime.Nano"));

    public static TheoryData<string> Templates => [.. Files("*.template").Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Kernels_are_what_their_template_gives(string template)
    {
        string path = Path.Combine(folder, template);
        foreach ((string name, string text) in KernelTemplate.Expand(Path.GetFileName(path), File.ReadAllText(path)))
        {
            string twin = Path.Combine(Path.GetDirectoryName(path)!, name + ".cs");
            if (Environment.GetEnvironmentVariable("EDGE_WRITE_GOLDEN") == "1")
            {
                File.WriteAllText(twin, text);
            }

            Assert.True(File.Exists(twin), twin);
            Assert.Equal(text, File.ReadAllText(twin));
        }
    }

    [Fact]
    public void No_kernel_names_a_template_that_does_not_give_it()
    {
        IEnumerable<string> given = Files("*.template").SelectMany(path => KernelTemplate.Expand(Path.GetFileName(path), File.ReadAllText(path)).Select(twin => Path.Combine(Path.GetDirectoryName(path)!, twin.Name + ".cs")));
        IEnumerable<string> marked = Files("*.cs").Where(path => File.ReadAllText(path).StartsWith(Mark, StringComparison.Ordinal));
        Assert.Equal(given.Order(StringComparer.Ordinal), marked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_are_replaced_and_conditions_choose_lines()
    {
        const string Template = "twin = A | B\nT = int | long\n\nclass $twin$\n#if A\n$T$ a;\n#else\n$T$ b;\n#endif\nend $T$;\n";
        Assert.Equal(
            [("A", "// Written from F by KernelTemplateTests.\nclass A\nint a;\nend int;\n"), ("B", "// Written from F by KernelTemplateTests.\nclass B\nlong b;\nend long;\n")],
            KernelTemplate.Expand("F", Template));
    }

    [Theory]
    [InlineData("twin = A | B\n\n$T$\n")]
    [InlineData("twin = A | B\nT = int\n\n$T$\n")]
    [InlineData("twin = A | B\n\n#if C\n#endif\n")]
    [InlineData("twin = A | B\n\n#if A\n")]
    [InlineData("twin = A | B\n\n#if A\n#if B\n#endif\n")]
    [InlineData("twin = A | B\n\n#else\n#endif\n")]
    [InlineData("twin = A | B\n\n#endif\n")]
    public void A_template_that_says_nothing_definite_is_refused(string template) =>
        Assert.Throws<FormatException>(() => KernelTemplate.Expand("F", template));

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Path.Combine(folder, "Kernels"), pattern, SearchOption.AllDirectories);

    private static string Here([CallerFilePath] string path = "") => path;
}
