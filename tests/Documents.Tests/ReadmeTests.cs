using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeInference.Tool.Commands;

namespace Documents.Tests;

/// <summary>README in both languages says the same, and its first program prints what stands below it.</summary>
public sealed partial class ReadmeTests
{
    private const string English = "README.md";
    private const string Chinese = "README.zh-CN.md";

    [Fact]
    public void Both_languages_have_the_same_links_figures_tables_and_headings()
    {
        Assert.Equal(All(LinkPattern(), English).Where(link => link != Chinese), All(LinkPattern(), Chinese).Where(link => link != English));
        Assert.Equal(All(FigurePattern(), English), All(FigurePattern(), Chinese));
        Assert.Equal(Shape(English), Shape(Chinese));
    }

    [Fact]
    public void Both_languages_have_the_same_blocks_but_for_comments() =>
        Assert.Equal(CodeBlock.Of(English).Select(Bare), CodeBlock.Of(Chinese).Select(Bare));

    [Theory]
    [InlineData(English)]
    [InlineData(Chinese)]
    public void The_first_program_prints_what_stands_below_it(string document)
    {
        CodeBlock[] blocks = [.. CodeBlock.Of(document)];
        int at = Array.FindIndex(blocks, block => block.Language == "csharp");
        Assert.True(blocks[at].IsProgram && blocks[at - 1].Language == "sh" && blocks[at + 1].Language == "text", document);
        string folder = Directory.CreateTempSubdirectory("edge-readme-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "data"), Path.Combine(CodeBlock.Root(), "data"));
            string tool = typeof(EdgeCommand).Assembly.Location;
            foreach (string command in blocks[at - 1].Code.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Run(folder, $"\"{tool}\" {command["edge ".Length..]}");
            }

            string line = CSharpProgram.Command(blocks[at], TestContext.Current.CancellationToken).Trim();
            Assert.Equal(blocks[at + 1].Code.TrimEnd(), Run(folder, line["dotnet ".Length..].Replace('\'', '"')).ReplaceLineEndings("\n").TrimEnd());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string folder, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{arguments}: {error.Result}");
        return output;
    }

    private static IEnumerable<string> All(Regex pattern, string document) => pattern.Matches(CodeBlock.Text(document)).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);

    private static (int Rows, int Headings, int Lists) Shape(string document)
    {
        string[] lines = CodeBlock.Text(document).Split('\n');
        return (lines.Count(line => line.StartsWith('|')), lines.Count(line => line.StartsWith("## ", StringComparison.Ordinal)), lines.Count(line => line.StartsWith("- ", StringComparison.Ordinal)));
    }

    private static string Bare(CodeBlock block) =>
        string.Join('\n', block.Code.Split('\n').Select(line => CommentPattern().Replace(line, "").TrimEnd()));

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"([0-9]+(?:[.,][0-9]+)*)")]
    private static partial Regex FigurePattern();

    [GeneratedRegex(@"(?:^|\s)(?:#|//) .*$")]
    private static partial Regex CommentPattern();
}
