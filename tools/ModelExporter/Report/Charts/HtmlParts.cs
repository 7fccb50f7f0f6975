using System.Globalization;
using System.Text;

namespace EdgeInference.Tool.Report.Charts;

/// <summary>The parts that sections are put together from. What they are given is HTML, escaped by the caller, unless said otherwise.</summary>
internal static class HtmlParts
{
    // A first column of longer texts keeps a width on a phone; else a browser breaks them letter by letter.
    private const int LongText = 6;

    /// <summary>A table that scrolls by itself on a narrow page. The first columns are texts, the others numbers.</summary>
    internal static string Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, int texts = 1)
    {
        IReadOnlyList<string>[] body = [.. rows];
        string named = body.Any(row => row.Count > 0 && row[0].Length > LongText) ? " class=\"named\"" : "";
        var html = new StringBuilder(Scroll("table by " + (header.FirstOrDefault(text => text.Length > 0) ?? "row"))).Append(CultureInfo.InvariantCulture, $"<table{named}><thead><tr>");
        for (int i = 0; i < header.Count; i++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th{(i < texts ? "" : " class=\"n\"")}>{header[i]}</th>");
        }

        html.Append("</tr></thead><tbody>\n");
        foreach (IReadOnlyList<string> row in body)
        {
            html.Append("<tr>");
            for (int i = 0; i < row.Count; i++)
            {
                html.Append(CultureInfo.InvariantCulture, $"<td{(i < texts ? "" : " class=\"n\"")}>{row[i]}</td>");
            }

            html.Append("</tr>\n");
        }

        return html.Append("</tbody></table></div>\n").ToString();
    }

    /// <summary>Begins a box that scrolls sideways by finger and by key, and that a reader can reach and name without seeing it.</summary>
    internal static string Scroll(string name) => $"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\">";

    /// <summary>A text of several words in a table, which breaks into lines.</summary>
    internal static string Words(string html) => $"<span class=\"words\">{html}</span>";

    /// <summary>Facts: a name and a value each.</summary>
    internal static string Facts(IEnumerable<(string Name, string Value)> facts) =>
        "<dl class=\"facts\">" + string.Concat(facts.Select(fact => $"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>\n")) + "</dl>\n";

    /// <summary>Large numbers side by side; the identifier lets a script and a test find a value.</summary>
    internal static string Tiles(IEnumerable<(string Name, string Value, string Identifier)> tiles) =>
        "<div class=\"tiles\">" + string.Concat(tiles.Select(tile => $"<div class=\"tile\"><b id=\"{tile.Identifier}\">{tile.Value}</b><span>{tile.Name}</span></div>\n")) + "</div>\n";

    /// <summary>A drawing with its heading and a line that says how to read it.</summary>
    internal static string Figure(string title, string drawing, string caption) =>
        $"<figure><h3>{title}</h3>\n{drawing}<figcaption>{caption}</figcaption></figure>\n";

    /// <summary>Figures side by side where there is room.</summary>
    internal static string Grid(params IEnumerable<string> figures) => $"<div class=\"grid2\">{string.Concat(figures)}</div>\n";

    /// <summary>A bar for a share, 0 to 1.</summary>
    internal static string Meter(double share, int series = 0) =>
        string.Create(CultureInfo.InvariantCulture, $"<span class=\"meter s{series % ChartStyle.Series}\" style=\"--w:{100 * (double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0):0.#}%\"></span>");

    /// <summary>A link to a section of the page.</summary>
    internal static string Link(string section, string text) => $"<a href=\"#{section}\">{text}</a>";

    /// <summary>A paragraph.</summary>
    internal static string Note(string html) => $"<p class=\"note\">{html}</p>\n";
}
