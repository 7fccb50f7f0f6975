using System.Text.RegularExpressions;

namespace Documents.Tests;

/// <summary>
/// Links between documents and into the sources lead somewhere. A link to a line, <c>[`Type.Member`](path#L1)</c>, leads to the
/// line that declares the member; EDGE_UPDATE_DOCS=1 in the environment writes the numbers anew.
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
    public void Every_link_to_a_line_leads_to_the_declaration(string document)
    {
        string text = CodeBlock.Text(document);
        string right = LineLinkPattern().Replace(text, link =>
        {
            string path = Resolve(document, link.Groups["path"].Value);
            string name = link.Groups["name"].Value.Split('.')[^1].Split('(')[0];
            int line = Array.FindIndex(File.ReadAllLines(path), line => Declares(line, name)) + 1;
            Assert.True(line > 0, $"{document}: '{path}' does not declare '{name}'");
            return $"[`{link.Groups["name"].Value}`]({link.Groups["path"].Value}#L{line})";
        });
        if (Environment.GetEnvironmentVariable("EDGE_UPDATE_DOCS") == "1" && right != text)
        {
            File.WriteAllText(Path.Combine(CodeBlock.Root(), document), right);
            return;
        }

        Assert.Equal(right, text);
    }

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

    [GeneratedRegex(@"\[`(?<name>[^`\n]+)`\]\((?<path>[^)#\s]+\.cs)#L\d+\)")]
    private static partial Regex LineLinkPattern();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
