using System.Buffers;
using System.Text;

namespace EdgeInference.Devices.Recordings;

/// <summary>Cells of one line of a recording: separated by commas, in quotes where a reader could cut them.</summary>
internal static class CsvCells
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",;\"\t\r\n");

    internal static string Cell(string text) =>
        text.AsSpan().ContainsAny(NeedQuotes) || text.Trim().Length != text.Length ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    internal static string Line(IEnumerable<string> texts) => string.Join(',', texts.Select(Cell));

    internal static List<string> Split(string line)
    {
        List<string> cells = [];
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                // Two quotes within quotes are one.
                bool doubled = quoted && i + 1 < line.Length && line[i + 1] == '"';
                quoted = doubled || !quoted;
                i += doubled ? 1 : 0;
                cell.Append(doubled ? "\"" : "");
            }
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(line[i]);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
