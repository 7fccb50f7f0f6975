using System.Text.RegularExpressions;

namespace EdgeInference.Site;

/// <summary>
/// The documents of the repository as pages of a site. A folder's README.md is its index; a link to a file that is no page leads
/// to the repository on the web, or is plain text where that has no known address.
/// </summary>
internal static partial class Pages
{
    private static readonly string[] folders = ["docs", "src", "tools", "templates", "samples", "data"];

    /// <summary>Documents that are pages, relative to the root, with forward slashes.</summary>
    internal static IReadOnlyList<string> Find(string root)
    {
        IEnumerable<string> below = folders
            .SelectMany(folder => Directory.GetFiles(Path.Combine(root, folder), "*.md", SearchOption.AllDirectories));
        return [.. Directory.GetFiles(root, "*.md").Concat(below)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Where a page lies in the site's sources.</summary>
    internal static string PlaceOf(string page) =>
        Path.GetFileName(page) == "README.md" ? page[..^"README.md".Length] + "index.md" : page;

    /// <summary>Writes all pages and the pictures that they show into a folder.</summary>
    internal static void Stage(string root, string target, string? repository)
    {
        IReadOnlyList<string> pages = Find(root);
        HashSet<string> known = [.. pages];
        HashSet<string> pictures = [];
        foreach (string page in pages)
        {
            string text = Rewrite(File.ReadAllText(Path.Combine(root, page)).ReplaceLineEndings("\n"), page, known, repository, path => Directory.Exists(Path.Combine(root, path)), pictures);
            Write(Path.Combine(target, PlaceOf(page)), text);
        }

        foreach (string picture in pictures)
        {
            string place = Path.Combine(target, picture);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(Path.Combine(root, picture), place, overwrite: true);
        }
    }

    /// <summary>A page's text with its links as the site has them.</summary>
    internal static string Rewrite(string text, string page, IReadOnlySet<string> pages, string? repository, Func<string, bool> isFolder, ISet<string> pictures) =>
        LinkPattern().Replace(text, match =>
        {
            string target = match.Groups["target"].Value;
            if (!match.Groups["target"].Success || target.StartsWith('#') || target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                return match.Value;
            }

            string[] parts = target.Split('#', 2);
            string path = Resolve(page, parts[0]);
            string anchor = parts.Length > 1 ? "#" + parts[1] : "";
            if (match.Groups["picture"].Length > 0)
            {
                pictures.Add(path);
                return match.Value;
            }

            string label = match.Groups["label"].Value;
            string asIndex = path.Length == 0 ? "README.md" : path + "/README.md";
            string? other = pages.Contains(path) ? path : isFolder(path) && pages.Contains(asIndex) ? asIndex : null;
            if (other is not null)
            {
                return $"[{label}]({Relative(page, PlaceOf(other))}{anchor})";
            }

            return repository is null ? label : $"[{label}]({repository}/{(isFolder(path) ? "tree" : "blob")}/HEAD/{path}{anchor})";
        });

    internal static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string Resolve(string page, string target) =>
        Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(page)!, target))).Replace('\\', '/') is var path && path == "." ? "" : path.TrimEnd('/');

    private static string Relative(string page, string place) =>
        Path.GetRelativePath(Path.Combine("/", Path.GetDirectoryName(page)!), Path.Combine("/", place)).Replace('\\', '/');

    // Fenced blocks and code between backquotes match too, without a target: what looks like a link there is none.
    [GeneratedRegex(@"^```.*?^```|(?<picture>!?)\[(?<label>(?:`[^`\n]*`|[^\]`\n])*)\]\((?<target>[^)\s]+)\)|`[^`\n]+`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex LinkPattern();
}
