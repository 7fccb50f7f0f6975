using System.CommandLine;
using EdgeInference.Tool.Commands;

namespace Documents.Tests;

/// <summary>
/// The shell and Python blocks of a document run one after the other, as its reader would run them from the repository's root,
/// in a folder that has the repository's <c>data</c>. A block that needs a board or a package that is not here says so in a
/// comment above it, <c>not run: why</c>; its syntax and its <c>edge</c> commands are checked all the same. What it would have written
/// is then a file of the repository, which the next block names: <c>with FILE as NAME</c>. A C# block with <c>run</c> above it runs too.
/// <see cref="StrangerDocuments"/> run in Packages.Tests.
/// </summary>
public class ShellBlockTests
{
    public static TheoryData<string> DocumentsWithCommands => [.. CodeBlock.Documents().Where(document => document != StrangerDocuments.Translation && !StrangerDocuments.All.Contains(document) && CodeBlock.Of(document).Any(IsRunnable))];

    public static TheoryData<string> DocumentsWithBlocks => [.. CodeBlock.Documents().Where(document => CodeBlock.Of(document).Any(block => block.Language is "sh" or "python"))];

    [Theory]
    [MemberData(nameof(DocumentsWithCommands))]
    public async Task The_blocks_of_a_document_run(string document)
    {
        CodeBlock[] blocks = [.. CodeBlock.Of(document).Where(IsRunnable)];
        BlockRunner.AssertPrinted(document, await RunBlocks(document, blocks));
    }

    // Else a page could rot while all tests pass.
    [Theory]
    [InlineData("keras.md")]
    [InlineData("ml-net.md")]
    [InlineData("pytorch.md")]
    [InlineData("scikit-learn.md")]
    [InlineData("tflite.md")]
    [InlineData("csv.md")]
    [InlineData("sensor.md")]
    public void On_a_page_for_what_a_reader_has_all_but_Python_runs(string page) =>
        Assert.All(CodeBlock.Of("docs/how-do-i/" + page), block => Assert.True(StrangerDocuments.IsRun(block) || block.IsPrinted || block.Language == "python", $"{page}, line {block.Line} is not run"));

    [Theory]
    [MemberData(nameof(DocumentsWithBlocks))]
    public async Task The_syntax_of_every_block_is_right(string document)
    {
        Assert.SkipUnless(BlockRunner.HasBash, "bash is not here");
        string folder = Directory.CreateTempSubdirectory("edge-documents-").FullName;
        try
        {
            foreach (CodeBlock block in CodeBlock.Of(document).Where(block => block.Language is "sh" or "python"))
            {
                string file = Path.Combine(folder, $"block.{block.Language}");
                await File.WriteAllTextAsync(file, block.Code, TestContext.Current.CancellationToken);
                bool isShell = block.Language == "sh";
                if (isShell || BlockRunner.HasPython)
                {
                    (int exitCode, string output) = isShell ? await BlockRunner.Run(folder, null, "bash", "-n", file) : await BlockRunner.Run(folder, null, BlockRunner.Python, "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", file);
                    Assert.True(exitCode == 0, $"{document}, line {block.Line}: {output}");
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(DocumentsWithBlocks))]
    public void Every_edge_command_exists_with_its_options(string document)
    {
        foreach (CodeBlock block in CodeBlock.Of(document).Where(block => block.Language == "sh"))
        {
            foreach (string command in EdgeCommands(block.Code))
            {
                ParseResult result = EdgeCommand.CreateRoot().Parse(command);
                Assert.True(result.Errors.Count == 0, $"{document}, line {block.Line}: 'edge {command}': {string.Join(" ", result.Errors.Select(error => error.Message))}");
            }
        }
    }

    /// <summary>Runs blocks with the tool and the packages of these tests, and gives what they say.</summary>
    internal static Task<string> RunBlocks(string document, IReadOnlyCollection<CodeBlock> blocks) =>
        BlockRunner.RunInFolder(document, Edge(), blocks, block => CSharpProgram.Command(block, TestContext.Current.CancellationToken));

    private static bool IsRunnable(CodeBlock block) => (block.Language is "sh" or "python" && block.NotRun is null) || block.IsProgram;

    // The commands of a block without comments, of lines joined where one ends in a backslash.
    private static IEnumerable<string> EdgeCommands(string code) =>
        code.Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n')
            .Select(line => line.Split(" #")[0])
            .SelectMany(line => line.Split("&&"))
            .Select(line => line.Trim().Split([" > ", " | "], StringSplitOptions.None)[0])
            .Where(line => line.StartsWith("edge ", StringComparison.Ordinal))
            .Select(line => line["edge ".Length..]);

    // Counting for a second compilation never pays in commands of seconds.
    private static string Edge() => $"export DOTNET_TieredPGO=0\nedge() {{ dotnet '{typeof(EdgeCommand).Assembly.Location}' \"$@\"; }}\n";
}
