using System.IO.Compression;
using Documents.Tests;

namespace Packages.Tests;

/// <summary>
/// README, tutorial, the pages of how-do-i and the READMEs of packages, typed by somebody who stands in an empty folder with the SDK
/// and the packages: there is no clone, and a file that a command reads is one that the page obtained before.
/// </summary>
public sealed class StrangerTests(PackedFolder packed, Stranger stranger) : IClassFixture<Stranger>
{
    public static TheoryData<string> WithCommands => [.. StrangerDocuments.All.Where(document => CodeBlock.Of(document).Any(StrangerDocuments.IsRun))];

    public static TheoryData<string> All => [.. StrangerDocuments.All];

    [Theory]
    [MemberData(nameof(WithCommands))]
    public async Task The_blocks_of_a_document_run_in_an_empty_folder(string document)
    {
        CodeBlock[] blocks = [.. CodeBlock.Of(document).Where(StrangerDocuments.IsRun)];
        BlockRunner.SkipWithoutTools(blocks);
        if (blocks.Any(block => block.IsProgram))
        {
            Assert.True(stranger.Built.ExitCode == 0, stranger.Built.Output);
        }

        string folder = stranger.NewFolder(document);
        (int exitCode, string output) = await BlockRunner.Run(folder, stranger.Prepare, "bash", "-c", BlockRunner.Script("", blocks, stranger.Command));
        Assert.True(exitCode == 0, $"{document} stopped with exit code {exitCode} after:\n{output}");
        BlockRunner.AssertPrinted(document, output);

        // Hints are for who reads them: without a clone there is no project of the tool to run.
        Assert.DoesNotContain("--project tools/", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_block_that_does_not_run_says_why_to_its_reader(string document) =>
        Assert.All(CodeBlock.Of(document).Where(block => block.Language is "sh" or "csharp" && !StrangerDocuments.IsRun(block)), block =>
            Assert.True(StrangerDocuments.IsElsewhere(block), $"{document}, line {block.Line}: the paragraph above the block does not say what it needs, such as 'in the clone' or 'on the board'"));

    [Fact]
    public void The_programs_of_the_documents_build_with_the_packages_that_their_pages_name()
    {
        Assert.All(Stranger.Programs, block => Assert.True(Stranger.PackagesOf(block).Count > 0, $"{block.Document}, line {block.Line}: no package is named for the program"));
        Assert.True(stranger.Built.ExitCode == 0, stranger.Built.Output);
    }

    [Fact]
    public void The_README_of_each_package_is_among_the_documents() =>
        Assert.All(PackedFolder.Projects, project =>
        {
            string document = $"{project.Value}/README.md";
            Assert.Contains(document, StrangerDocuments.All);
            using ZipArchive archive = ZipFile.OpenRead(packed.FileOf(project.Key, ".nupkg"));
            using var readme = new StreamReader(archive.GetEntry("README.md")!.Open());
            Assert.Equal(CodeBlock.Text(document), readme.ReadToEnd().ReplaceLineEndings("\n"));
        });

    [Fact]
    public void README_in_another_language_has_the_same_commands()
    {
        Assert.Equal(Commands("README.md"), Commands(StrangerDocuments.Translation));

        static IEnumerable<string> Commands(string document) =>
            CodeBlock.Of(document).Where(block => block.Language == "sh").SelectMany(block => block.Code.Split('\n')).Select(line => line.Split(" #")[0].Trim()).Where(line => line.Length > 0 && !line.StartsWith('#'));
    }
}
