using System.Text.Json;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Documents.Tests;

/// <summary>Every block of README and docs names its language, and is compiled, parsed or (<see cref="ShellBlockTests"/>) run.</summary>
public class CodeBlockTests
{
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
        CSharpCompilation compilation = CSharpProgram.Compile(block, TestContext.Current.CancellationToken);
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
