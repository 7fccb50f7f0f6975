using System.Text.RegularExpressions;

namespace Documents.Tests;

/// <summary>README in both languages says the same. Its blocks run in Packages.Tests, the English ones for both.</summary>
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
