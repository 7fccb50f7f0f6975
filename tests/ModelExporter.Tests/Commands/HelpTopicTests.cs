using System.Text.RegularExpressions;
using EdgeInference.Tool.Commands;
using EdgeInference.Tool.Commands.Help;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary><c>edge help</c>: the pages of docs, where a tool that was installed has no folder docs.</summary>
public sealed partial class HelpTopicTests
{
    private static readonly string root = Root();

    [Fact]
    public void Every_page_of_docs_is_a_topic_and_says_the_same()
    {
        string docs = Path.Combine(root, "docs");
        string[] pages = [.. Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories).Where(page => Path.GetFileName(page) != "README.md")];
        Assert.Equal(pages.Select(page => Path.GetRelativePath(docs, page).Replace('\\', '/')[..^3]).Order(StringComparer.Ordinal), HelpTopics.Names);
        string list = OptionBench.Done("help");
        foreach (string topic in HelpTopics.Names)
        {
            string page = File.ReadAllText(Path.Combine(docs, topic + ".md"));
            string text = OptionBench.Done("help", HelpTopics.Typed(topic));
            Assert.Equal(text, OptionBench.Done("help", "docs/" + topic));
            string[] headings = [.. page.Split('\n').Where(line => line.StartsWith('#')).Select(line => line.TrimEnd())];
            Assert.Equal(headings.Where(line => !line.Contains("](", StringComparison.Ordinal)), text.Split('\n').Where(line => line.StartsWith('#')).Select(line => line.TrimEnd()).Where(headings.Contains));
            Assert.DoesNotContain("](", LinkFree().Replace(text, ""), StringComparison.Ordinal);
            Assert.Contains($"  {HelpTopics.Typed(topic)} ", list, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_link_to_a_page_says_what_to_type()
    {
        string text = OptionBench.Done("help", "tutorial");
        Assert.Contains("(edge help how-do-i/csv)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<!--", text, StringComparison.Ordinal);
        Assert.Equal(OptionBench.Done("help", "how-do-i/csv"), OptionBench.Done("help", "csv"));
        Assert.Equal(OptionBench.Done("help", "onnx"), OptionBench.Done("help", "docs/onnx.md"));
        Assert.Equal("There is no help on 'onxn'; did you mean 'edge help onnx'?", OptionBench.Refused("help", "onxn").TrimEnd());
        Assert.Equal(OptionBench.Done("train", "--help"), OptionBench.Done("help", "train"));

        // A page and a command of one name.
        string report = OptionBench.Done("help", "report");
        Assert.StartsWith(OptionBench.Done("report", "--help"), report, StringComparison.Ordinal);
        Assert.EndsWith("There is a page on it: edge help docs/report", report.TrimEnd(), StringComparison.Ordinal);
    }

    // Someone who installed the tool has no folder docs.
    [Fact]
    public void No_message_points_to_a_file_of_the_repository_and_every_topic_that_one_names_exists()
    {
        string[] literals =
        [
            .. ((string[])["src/ModelConverter", "src/ModelTraining", "src/EdgeRuntime", "src/ModelFormat", "tools/ModelExporter"])
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .SelectMany(File.ReadLines)
                .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                .SelectMany(line => Literal().Matches(line).Select(match => match.Value)),
        ];
        Assert.DoesNotContain(literals, text => PagePath().IsMatch(text) || text.Contains("dotnet run", StringComparison.Ordinal));
        string[] named = [.. literals.SelectMany(text => Named().Matches(text).Select(match => match.Groups[1].Value)).Distinct()];
        Assert.True(named.Length >= 4, string.Join(", ", named));
        Assert.All(named, topic => Assert.True(HelpTopics.Names.Contains(topic) || EdgeCommand.CreateRoot().Subcommands.Any(command => command.Name == topic), topic));
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EdgeInference.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    // Code between backticks may hold brackets and parentheses.
    [GeneratedRegex("`[^`]*`|```.*?```", RegexOptions.Singleline)]
    private static partial Regex LinkFree();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"docs/[a-z-]+\.md")]
    private static partial Regex PagePath();

    [GeneratedRegex(@"'edge help ([a-z/-]+)'")]
    private static partial Regex Named();
}
