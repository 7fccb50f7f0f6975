using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using EdgeInference.ModelConverter.Files;

namespace EdgeInference.ModelConverter.Data;

/// <summary>The texts of a CSV file, before anything is taken for a number.</summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Header">A name for each column; the column numbers from 1 where the file has no header.</param>
/// <param name="Lines">The cells of each row, trimmed.</param>
/// <param name="LineNumbers">The line of each row in the file.</param>
/// <param name="HasHeader">Whether the columns have names.</param>
internal sealed record CsvCells(string Path, string[] Header, CsvRows Lines, CsvLines LineNumbers, bool HasHeader)
{
    // An array of its own for each row is larger than the text of so few numbers: what is refused is refused before.
    private const int FewColumns = 8;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hasHeader">Whether its first row names the columns.</param>
    /// <exception cref="InputException">The file is missing or empty, a row is too long or short, a header is there twice or is a row of numbers.</exception>
    internal static CsvCells Read(string path, bool hasHeader = true)
    {
        if (!InputFile.Exists(path))
        {
            throw new InputException($"File '{path}' not found; check the path.");
        }

        var table = new CsvReading(path, hasHeader);
        try
        {
            using var reader = new WidthGuard(InputFile.OpenText(path), path);
            using var csv = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, BadDataFound = null });
            while (csv.Read())
            {
                table.Add(csv.Record!, csv.RawRow);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CsvHelperException)
        {
            throw new InputException($"'{path}' cannot be read as CSV: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }

        return table.End();
    }

    /// <summary>The position of a label column.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    internal int LabelColumn(string label)
    {
        int column = Array.IndexOf(Header, label);
        if (column >= 0)
        {
            return column;
        }

        if (!HasHeader)
        {
            throw new InputException($"'{Path}' is read without a header, so --label takes the number of a column, 1 to {Header.Length}, not '{label}'.");
        }

        string nearest = Suggestion.Nearest(label, Header);
        throw new InputException($"'{Path}' has no column '{label}'; {(nearest.Length > 0 ? $"did you mean '{nearest}'?" : $"its columns are {string.Join(", ", Header.Take(8))}{(Header.Length > 8 ? ", …" : "")}.")}");
    }

    /// <summary>Whether the first column is the nameless index that pandas writes.</summary>
    internal bool HasIndexColumn => HasHeader && Header.Length > 1 && Header[0] is "" or "Unnamed: 0";

    /// <summary>Columns that may be features: all but the label and a nameless index, which is said.</summary>
    /// <param name="label">The label column's position, or −1.</param>
    internal int[] FeatureColumns(int label)
    {
        bool skipsIndex = HasIndexColumn && label != 0;
        if (skipsIndex)
        {
            Notices.Say($"'{Path}': the first column, {(Header[0].Length == 0 ? "which has no name" : $"'{Header[0]}'")}, is ignored: it is the index that pandas writes.");
        }

        return [.. Enumerable.Range(skipsIndex ? 1 : 0, Header.Length - (skipsIndex ? 1 : 0)).Where(column => column != label)];
    }

    /// <summary>The rows of some columns as numbers.</summary>
    /// <param name="columns">Positions of the columns, in the order wanted.</param>
    /// <param name="acceptsMissing">Whether a missing cell is NaN; else it is refused. Null where there is no model yet.</param>
    /// <exception cref="InputException">A cell is not a finite number.</exception>
    internal IReadOnlyList<float[]> Numbers(int[] columns, bool? acceptsMissing = null)
    {
        if (columns.Length < FewColumns)
        {
            for (int row = 0; row < Lines.Count; row++)
            {
                foreach (int column in columns)
                {
                    _ = Number(Lines.Cell(row, column), row, column, acceptsMissing);
                }
            }
        }

        return [.. Lines.Select((cells, row) => Array.ConvertAll(columns, column => Number(cells[column], row, column, acceptsMissing)))];
    }

    private float Number(string text, int row, int column, bool? acceptsMissing)
    {
        string Place() => $"'{Path}', line {LineNumbers[row]}, column '{Header[column]}'";
        if (MissingCell.Is(text))
        {
            string what = text.Length == 0 ? "the cell is empty" : $"'{text}' is not a finite number but a missing value";
            return acceptsMissing is null
                ? throw new InputException($"{Place()}: {what}; fill it in, or delete the line or the column.")
                : acceptsMissing.Value ? float.NaN : throw new InputException($"{Place()}: {what}, and the model does not define what a missing value means; fill it in or delete the line.");
        }

        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
        {
            throw new InputException($"{Place()}: '{text}' is not a number; replace it or leave the column out.");
        }

        return float.IsFinite(value) ? value : throw new InputException($"{Place()}: '{text}' is not a finite number; replace it or delete the line.");
    }
}
