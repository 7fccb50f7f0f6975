using System.Text;
using System.Text.RegularExpressions;

namespace EdgeInference.Site;

/// <summary>The list of pages beside each page, made from docs/README.md: one list for both, so that neither misses a page.</summary>
internal static partial class Contents
{
    /// <summary>docfx's table of contents for the documents: a heading is a group of the links below it; links before the first stand alone.</summary>
    /// <param name="index">The text of docs/README.md.</param>
    internal static string OfDocuments(string index)
    {
        var yaml = new StringBuilder("items:\n- name: All documents\n  href: index.md\n");
        bool hasGroup = false;
        foreach (string line in index.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                hasGroup = true;
                yaml.Append("- name: ").Append(Quoted(line[3..])).Append("\n  expanded: true\n  items:\n");
            }
            else if (!hasGroup || line.StartsWith("- ", StringComparison.Ordinal))
            {
                foreach (Match link in LinkPattern().Matches(line))
                {
                    string name = link.Groups["name"].Value.Replace("`", "", StringComparison.Ordinal);
                    string place = Pages.PlaceOf(link.Groups["target"].Value);
                    string indent = hasGroup ? "  " : "";
                    yaml.Append(indent).Append("- name: ").Append(Quoted(char.ToUpperInvariant(name[0]) + name[1..])).Append('\n').Append(indent).Append("  href: ").Append(place).Append('\n');
                }
            }
        }

        return yaml.ToString();
    }

    private static string Quoted(string text) => "'" + text.Trim().Replace("'", "''", StringComparison.Ordinal) + "'";

    [GeneratedRegex(@"\[(?<name>[^\]]+)\]\((?<target>[^)\s]+)\)")]
    private static partial Regex LinkPattern();
}
