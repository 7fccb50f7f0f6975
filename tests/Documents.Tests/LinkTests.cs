using System.Text.RegularExpressions;

namespace Documents.Tests;

/// <summary>
/// Links between documents and into the sources lead somewhere. A link that names a symbol, <c>[`Type.Member`](path.cs)</c>, leads
/// to the file that declares it. None leads to a line, since every change above that line would break it.
/// </summary>
public partial class LinkTests
{
    public static TheoryData<string> AllDocuments => [.. CodeBlock.Documents()];

    [Theory]
    [MemberData(nameof(AllDocuments))]
    public void Every_link_leads_somewhere(string document)
    {
        foreach (Match link in LinkPattern().Matches(CodeBlock.Text(document)))
        {
            string target = link.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            string[] parts = target.Split('#');
            string path = parts[0].Length == 0 ? Path.Combine(CodeBlock.Root(), document) : Resolve(document, parts[0]);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"{document}: '{target}' is not there");
            if (parts.Length > 1 && path.EndsWith(".md", StringComparison.Ordinal))
            {
                IEnumerable<string> anchors = HeadingPattern().Matches(File.ReadAllText(path)).Select(heading => Anchor(heading.Groups["text"].Value));
                Assert.True(anchors.Contains(parts[1]), $"{document}: '{path}' has no heading '#{parts[1]}'");
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllDocuments))]
    public void A_link_that_names_a_symbol_leads_to_the_file_that_declares_it(string document)
    {
        foreach (Match link in SymbolLinkPattern().Matches(CodeBlock.Text(document)))
        {
            string path = Resolve(document, link.Groups["path"].Value);
            string[] lines = File.ReadAllLines(path);
            string[] names = link.Groups["name"].Value.Split('(')[0].Split('.');
            Assert.All(names, name => Assert.True(lines.Any(line => Declares(line, name)), $"{document}: '{path}' does not declare '{name}'"));
        }
    }

    [Theory]
    [MemberData(nameof(AllDocuments))]
    public void No_link_leads_to_a_line_number(string document) =>
        Assert.DoesNotMatch(LineLinkPattern(), CodeBlock.Text(document));

    [Fact]
    public void The_index_lists_every_page()
    {
        string index = CodeBlock.Text("docs/README.md");
        IEnumerable<string> pages = CodeBlock.Documents().Where(document => document.StartsWith("docs/", StringComparison.Ordinal) && document != "docs/README.md");
        Assert.All(pages, page => Assert.Contains($"]({page["docs/".Length..]})", index, StringComparison.Ordinal));
    }

    private static string Resolve(string document, string target) =>
        Path.GetFullPath(Path.Combine(CodeBlock.Root(), Path.GetDirectoryName(document)!, target));

    private static bool Declares(string line, string name) =>
        Regex.IsMatch(line, $@"^\s*(public|internal|private|protected)\b.*\b{Regex.Escape(name)}\b");

    private static string Anchor(string heading) =>
        NotInAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"(?<!!)\[[^\]\n]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"\[`(?<name>[^`\n]+)`\]\((?<path>[^)#\s]+\.cs)\)")]
    private static partial Regex SymbolLinkPattern();

    [GeneratedRegex(@"\.cs#L\d+\)")]
    private static partial Regex LineLinkPattern();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
