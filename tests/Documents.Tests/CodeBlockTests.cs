using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Documents.Tests;

/// <summary>Every C# block of README and docs compiles as a program against the packages.</summary>
public partial class CodeBlockTests
{
    // What ImplicitUsings gives a user's project.
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, int>();
            foreach (string path in Documents())
            {
                for (int i = 0; i < BlockPattern().Count(File.ReadAllText(path)); i++)
                {
                    blocks.Add(Path.GetRelativePath(Root(), path), i);
                }
            }

            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_code_block_compiles(string document, int block)
    {
        Match match = BlockPattern().Matches(File.ReadAllText(Path.Combine(Root(), document)))[block];
        string code = match.Groups["code"].Value;
        string[] context = match.Groups["context"].Value.Split('\n');

        // A fragment's context is declared in a comment above it, what it uses before the fragment and types after it.
        code = string.Join('\n', context.Where(line => !line.StartsWith("static class", StringComparison.Ordinal))) + "\n" + code
            + string.Join('\n', context.Where(line => line.StartsWith("static class", StringComparison.Ordinal)));

        // EdgeRuntime.Nano has ModelFormat's type names, so a program refers to one or the other.
        string[] others = code.Contains("using EdgeRuntime.Nano;", StringComparison.Ordinal) ? ["EdgeRuntime.dll", "ModelFormat.dll"] : ["EdgeRuntime.Nano.dll"];
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var compilation = CSharpCompilation.Create(
            "block",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(code)],
            trusted.Split(Path.PathSeparator).Where(path => !others.Contains(Path.GetFileName(path))).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void The_README_has_a_program() => Assert.Contains(Blocks, row => row.Data.Item1 == "README.md");

    private static IEnumerable<string> Documents() =>
        Directory.GetFiles(Root(), "README*.md").Concat(Directory.GetFiles(Path.Combine(Root(), "docs"), "*.md", SearchOption.AllDirectories)).Order(StringComparer.Ordinal);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    [GeneratedRegex("(?:<!-- compiled with:\n(?<context>[^>]*?)-->\n)?^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex BlockPattern();
}
