using System.Globalization;

namespace EdgeInference.ModelConverter.Data;

/// <summary>A CSV file while its rows come: the header, the rows that count, and what is wrong with the first of them.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="hasHeader">Whether its first row names the columns.</param>
internal sealed class CsvReading(string path, bool hasHeader)
{
    private readonly CsvRows rows = new();
    private readonly CsvLines lines = new();
    private string[]? header;
    private int kept;
    private (int Row, int Values)? wrong;

    /// <summary>Takes the next row of the file.</summary>
    /// <param name="cells">Its cells, trimmed.</param>
    /// <param name="line">Its line.</param>
    /// <exception cref="InputException">It is the first, and no header.</exception>
    internal void Add(string[] cells, int line)
    {
        bool isBlank = Array.TrueForAll(cells, string.IsNullOrEmpty);
        if (header is null)
        {
            header = isBlank ? throw Empty() : hasHeader ? cells : [.. Enumerable.Range(1, cells.Length).Select(column => column.ToString(CultureInfo.InvariantCulture))];
            if (hasHeader)
            {
                CheckHeader(header);
                return;
            }
        }

        wrong ??= cells.Length == header.Length ? null : (lines.Count, cells.Length);
        rows.Add(cells);
        lines.Add(line);
        kept = isBlank ? kept : lines.Count;
    }

    /// <summary>The table, once there are no more rows.</summary>
    /// <exception cref="InputException">It is empty, or a row is too long or too short.</exception>
    internal CsvCells End()
    {
        if (header is null)
        {
            throw Empty();
        }

        LeaveOutBlankEnd();
        if (wrong is { } row && row.Row < kept)
        {
            string expected = hasHeader ? $"the header has {header.Length} columns" : $"the first row has {header.Length}";
            throw new InputException($"'{path}', line {lines[row.Row]}: it has {row.Values} values but {expected}; add or delete values.");
        }

        return kept == 0
            ? throw new InputException($"'{path}' has a header line but no rows; add data.")
            : new CsvCells(path, header, rows, lines, hasHeader);
    }

    private InputException Empty() => new($"'{path}' is empty; it needs a header line and at least one row.");

    private void CheckHeader(string[] names)
    {
        if (names.All(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
        {
            throw new InputException($"'{path}' begins with a row of numbers instead of column names; add a header line, or use --no-header with a command that takes columns by position.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        int twice = Array.FindIndex(names, name => !seen.Add(name));
        if (twice >= 0)
        {
            throw new InputException($"'{path}' has the column '{names[twice]}' twice; give each column a unique name.");
        }
    }

    // Spreadsheets leave rows of commas behind a table; inside one, a row of empty cells is data.
    private void LeaveOutBlankEnd()
    {
        int blank = lines.Count - kept;
        rows.Keep(kept);
        lines.Keep(kept);
        if (blank > 0)
        {
            Notices.Say($"'{path}': {(blank == 1 ? "1 blank row at the end is" : $"{blank} blank rows at the end are")} left out.");
        }
    }
}
