using System.Net;
using System.Text.RegularExpressions;

namespace EdgeInference.Site;

/// <summary>Every link inside the finished site leads to a file, and to a place in it where it names one.</summary>
internal static partial class SiteCheck
{
    /// <summary>Checks a site.</summary>
    /// <returns>The number of its pages.</returns>
    /// <exception cref="SiteException">A link leads nowhere.</exception>
    internal static int Run(string site)
    {
        string[] pages = Directory.GetFiles(site, "*.html", SearchOption.AllDirectories);
        Dictionary<string, HashSet<string>> places = [];
        List<string> broken = [];
        foreach (string page in pages)
        {
            foreach (Match link in LinkPattern().Matches(File.ReadAllText(page)))
            {
                string target = WebUtility.HtmlDecode(link.Groups["target"].Value);
                if (target.Contains(':', StringComparison.Ordinal) || target.StartsWith("//", StringComparison.Ordinal) || target.Length == 0)
                {
                    continue;
                }

                string[] parts = target.Split('#', 2);
                string path = parts[0].Split('?')[0];
                string file = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(path)));
                bool isThere = File.Exists(file) || File.Exists(Path.Combine(file, "index.html"));
                if (!isThere || (parts.Length > 1 && parts[1].Length > 0 && file.EndsWith(".html", StringComparison.Ordinal) && !Places(file).Contains(Uri.UnescapeDataString(parts[1]))))
                {
                    broken.Add($"{Path.GetRelativePath(site, page)}: '{target}'");
                }
            }
        }

        return broken.Count == 0 ? pages.Length : throw new SiteException($"{broken.Count} links of the site lead nowhere:\n  {string.Join("\n  ", broken.Distinct().Take(50))}");

        HashSet<string> Places(string file)
        {
            if (!places.TryGetValue(file, out HashSet<string>? found))
            {
                found = [.. PlacePattern().Matches(File.ReadAllText(file)).Select(place => WebUtility.HtmlDecode(place.Groups["id"].Value))];
                places.Add(file, found);
            }

            return found;
        }
    }

    [GeneratedRegex("\\s(?:href|src)=\"(?<target>[^\"]*)\"")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("\\s(?:id|name)=\"(?<id>[^\"]+)\"")]
    private static partial Regex PlacePattern();
}
