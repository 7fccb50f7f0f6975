using System.Reflection;
using System.Text.RegularExpressions;

namespace EdgeInference.Tool.Commands.Help;

/// <summary>The pages of docs, which the build puts into the tool: what a message points to is where the tool is.</summary>
internal static partial class HelpTopics
{
    /// <summary>The folder of the pages, which may be typed too.</summary>
    internal const string Folder = "docs/";

    private const string Prefix = "EdgeInference.Tool.Help.";

    private static readonly Assembly assembly = typeof(HelpTopics).Assembly;

    /// <summary>The resource of each topic, by the path of its page in docs without the ending.</summary>
    private static readonly SortedDictionary<string, string> resources = new(
        assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(name => name[Prefix.Length..].Replace('\\', '/'), name => name), StringComparer.Ordinal);

    /// <summary>All topics, in order.</summary>
    internal static IReadOnlyCollection<string> Names => resources.Keys;

    /// <summary>What is typed for a topic: with its folder where a command has its name.</summary>
    internal static string Typed(string topic) => HelpCommand.CommandNames().Contains(topic) ? Folder + topic : topic;

    /// <summary>The heading of a topic.</summary>
    internal static string Title(string topic) => Page(topic).Split('\n').First(line => line.StartsWith("# ", StringComparison.Ordinal))[2..].Trim();

    /// <summary>A topic as it is read in a terminal: without comments and pictures, links as what to type.</summary>
    internal static string Text(string topic)
    {
        string text = CommentPattern().Replace(Page(topic), "");
        text = PicturePattern().Replace(text, "");
        return LinkPattern().Replace(text, link => Link(topic, link.Groups["text"].Value, link.Groups["target"].Value));
    }

    private static string Link(string topic, string text, string target)
    {
        if (target.StartsWith("http", StringComparison.Ordinal))
        {
            return target == text ? text : $"{text} ({target})";
        }

        string page = target.Split('#')[0];
        string folder = Path.GetDirectoryName(topic) ?? "";
        string other = page.Length == 0 ? "" : Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, page))).Replace('\\', '/');
        string name = other.EndsWith(".md", StringComparison.Ordinal) ? other[..^3] : other;
        return name != topic && resources.ContainsKey(name) ? $"{text} (edge help {Typed(name)})" : text;
    }

    private static string Page(string topic)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resources[topic])!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"^<!--.*?-->\n?", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"!\[[^\]]*\]\([^)]*\)\n?")]
    private static partial Regex PicturePattern();

    [GeneratedRegex(@"(?<!!)\[(?<text>[^\]\n]+(\n[^\]\n]+)?)\]\((?<target>[^)\s]+)\)")]
    private static partial Regex LinkPattern();
}
