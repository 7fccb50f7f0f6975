using System.Text.Json;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Documents.Tests;

/// <summary>Every block of README and docs names its language, and is compiled, parsed or (<see cref="ShellBlockTests"/>) run.</summary>
public class CodeBlockTests
{
    // What ImplicitUsings gives a user's project.
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    // Text is what a program prints or how a file looks; it holds nothing to run.
    private static readonly string[] languages = ["csharp", "sh", "python", "json", "xml", "text"];

    public static TheoryData<string, int> CSharpBlocks => Blocks("csharp");

    public static TheoryData<string, int> DataBlocks => Blocks("json", "xml");

    public static TheoryData<string> AllDocuments => [.. CodeBlock.Documents()];

    [Theory]
    [MemberData(nameof(AllDocuments))]
    public void Every_block_names_a_language_that_is_checked(string document) =>
        Assert.All(CodeBlock.Of(document), block => Assert.True(languages.Contains(block.Language), $"{document}, line {block.Line}: '{block.Language}' is none of {string.Join(", ", languages)}"));

    [Theory]
    [MemberData(nameof(CSharpBlocks))]
    public void A_CSharp_block_compiles(string document, int line)
    {
        CodeBlock block = CodeBlock.Of(document).Single(block => block.Line == line);
        string[] context = block.Context.Split('\n');

        // A fragment's context is declared in a comment above it, what it uses before the fragment and types after it.
        string code = string.Join('\n', context.Where(line => !line.StartsWith("static class", StringComparison.Ordinal))) + "\n" + block.Code
            + string.Join('\n', context.Where(line => line.StartsWith("static class", StringComparison.Ordinal)));

        // EdgeRuntime.Nano has ModelFormat's type names, so a program refers to one or the other.
        string[] others = code.Contains("using EdgeRuntime.Nano;", StringComparison.Ordinal) ? ["EdgeRuntime.dll", "EdgeRuntime.Devices.dll", "ModelFormat.dll"] : ["EdgeRuntime.Nano.dll"];
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var compilation = CSharpCompilation.Create(
            "block",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, cancellationToken: TestContext.Current.CancellationToken), CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)],
            trusted.Split(Path.PathSeparator).Where(path => !others.Contains(Path.GetFileName(path))).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()));
    }

    [Theory]
    [MemberData(nameof(DataBlocks))]
    public void A_data_block_parses(string document, int line)
    {
        CodeBlock block = CodeBlock.Of(document).Single(block => block.Line == line);
        if (block.Language == "json")
        {
            using var parsed = JsonDocument.Parse(block.Code);
            Assert.NotEqual(JsonValueKind.Undefined, parsed.RootElement.ValueKind);
        }
        else
        {
            Assert.NotNull(XDocument.Parse(block.Code).Root);
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void A_README_has_a_program(string document) => Assert.Contains(CodeBlock.Of(document), block => block.Language == "csharp");

    private static TheoryData<string, int> Blocks(params string[] of)
    {
        var blocks = new TheoryData<string, int>();
        foreach (CodeBlock block in CodeBlock.Documents().SelectMany(CodeBlock.Of).Where(block => of.Contains(block.Language)))
        {
            blocks.Add(block.Document, block.Line);
        }

        return blocks;
    }
}
