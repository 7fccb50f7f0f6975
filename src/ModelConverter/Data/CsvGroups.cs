using System.Globalization;
using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>The groups of a table's rows, such as machines; numbers are compared by value, other texts letter by letter.</summary>
/// <param name="file">The table.</param>
/// <param name="column">The column that names them.</param>
internal sealed class CsvGroups(CsvFile file, int column)
{
    private readonly CsvNumbers numbers = new(file.Dialect);
    private readonly TextIndex texts = new();
    private readonly List<int> codes = [];

    /// <summary>Takes the group of a row.</summary>
    internal void Add(CsvRow row, CsvProblems problems)
    {
        ReadOnlySpan<byte> cell = row[column];
        int code = texts.Find(cell);
        if (code >= 0)
        {
            codes.Add(code);
            return;
        }

        if (MissingCell.Is(cell))
        {
            string what = cell.IsEmpty ? "the cell is empty" : $"'{Encoding.UTF8.GetString(cell)}' is a missing value";
            problems.Add(row.Line, file.Header[column], $"{what}, and rows are divided by it", "fill it in or delete the line");
            return;
        }

        codes.Add(numbers.TryReadDecimal(cell, out decimal number) ? texts.Add(Encoding.UTF8.GetBytes(number.ToString("G29", CultureInfo.InvariantCulture))) : texts.Add(cell));
    }

    /// <summary>A number for each row, the same for rows of one group; groups are numbered in the order of their texts.</summary>
    internal int[] Codes()
    {
        string[] ordered = ColumnProfile.Order([.. Enumerable.Range(0, texts.Count).Select(i => texts[i])]);
        var places = new NameIndex(ordered);
        int[] place = [.. Enumerable.Range(0, texts.Count).Select(i => places.Exact(texts[i]))];
        return [.. codes.Select(code => place[code])];
    }
}
