using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace ModelExporter.Data;

/// <summary>Reads tables of numbers from CSV files with a header line. Every fault is named with its line and column.</summary>
public static class CsvTable
{
    /// <summary>Reads all columns as features, except <paramref name="without"/> where the file has it.</summary>
    /// <exception cref="InputException">The file is missing, empty, or holds something that is not a finite number.</exception>
    public static Table Read(string path, string? without = null)
    {
        (string[] header, List<string[]> lines, List<int> lineNumbers) = ReadCells(path);
        int skipped = without is null ? -1 : Array.IndexOf(header, without);
        return new Table([.. header.Where((_, column) => column != skipped)], Features(path, header, lines, lineNumbers, skipped));
    }

    /// <summary>Reads a label column and all others as features.</summary>
    /// <param name="path">The file.</param>
    /// <param name="label">The header of the label column.</param>
    /// <param name="classes">The classes that are allowed, in their order; null to take them from the file.</param>
    /// <exception cref="InputException">As <see cref="Read"/>; also a missing label column, or a label that is not among <paramref name="classes"/>.</exception>
    public static LabelledTable ReadLabelled(string path, string label, IReadOnlyList<string>? classes = null)
    {
        (string[] header, List<string[]> lines, List<int> lineNumbers) = ReadCells(path);
        int column = Array.IndexOf(header, label);
        if (column < 0)
        {
            string nearest = Spelling.Nearest(label, header);
            throw new InputException($"'{path}' has no column '{label}'; {(nearest.Length > 0 ? $"did you mean '{nearest}'?" : $"its columns are {string.Join(", ", header.Take(8))}{(header.Length > 8 ? ", …" : "")}.")}");
        }

        string[] texts = [.. lines.Select(line => ClassText(line[column]))];
        int empty = Array.FindIndex(texts, string.IsNullOrEmpty);
        if (empty >= 0)
        {
            throw new InputException($"'{path}', line {lineNumbers[empty]}: the label column '{label}' is empty; fill it or delete the line.");
        }

        IReadOnlyList<string> names = classes is { Count: > 0 } ? classes : Classes(texts);
        var labels = new int[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            labels[i] = names.ToList().IndexOf(texts[i]);
            if (labels[i] < 0)
            {
                throw new InputException($"'{path}', line {lineNumbers[i]}: the label '{texts[i]}' in column '{label}' is not one of the model's classes ({string.Join(", ", names)}).");
            }
        }

        string[] features = [.. header.Where((_, i) => i != column)];
        return new LabelledTable(features, Features(path, header, lines, lineNumbers, column), labels, names);
    }

    private static (string[] Header, List<string[]> Lines, List<int> LineNumbers) ReadCells(string path)
    {
        if (!InputFile.Exists(path))
        {
            throw new InputException($"There is no file '{path}'; check the path.");
        }

        try
        {
            using TextReader reader = InputFile.OpenText(path);
            using var csv = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, BadDataFound = null });
            if (!csv.Read() || csv.Record is not { Length: > 0 } header || header.All(string.IsNullOrEmpty))
            {
                throw new InputException($"'{path}' is empty; it needs a header line and at least one row.");
            }

            int twice = header.Select((name, i) => Array.IndexOf(header, name) == i ? -1 : i).FirstOrDefault(i => i >= 0, -1);
            if (twice >= 0)
            {
                throw new InputException($"'{path}' has the column '{header[twice]}' twice; give each column a name of its own.");
            }

            var lines = new List<string[]>();
            var numbers = new List<int>();
            while (csv.Read())
            {
                string[] record = csv.Record!;
                if (record.Length != header.Length)
                {
                    throw new InputException($"'{path}', line {csv.RawRow}: it has {record.Length} values where the header has {header.Length} columns; add or delete values.");
                }

                lines.Add(record);
                numbers.Add(csv.RawRow);
            }

            return lines.Count == 0
                ? throw new InputException($"'{path}' has a header line but no rows; add data.")
                : (header, lines, numbers);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CsvHelperException)
        {
            throw new InputException($"'{path}' cannot be read as CSV: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static List<float[]> Features(string path, string[] header, List<string[]> lines, List<int> lineNumbers, int skipped)
    {
        var rows = new List<float[]>(lines.Count);
        for (int row = 0; row < lines.Count; row++)
        {
            var values = new List<float>(header.Length);
            for (int column = 0; column < header.Length; column++)
            {
                if (column == skipped)
                {
                    continue;
                }

                string text = lines[row][column];
                if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
                {
                    throw new InputException($"'{path}', line {lineNumbers[row]}, column '{header[column]}': '{text}' is not a number; replace it or leave the column out.");
                }

                if (!float.IsFinite(value))
                {
                    throw new InputException($"'{path}', line {lineNumbers[row]}, column '{header[column]}': '{text}' is not a finite number; replace it or delete the line.");
                }

                values.Add(value);
            }

            rows.Add([.. values]);
        }

        return rows;
    }

    private static string ClassText(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : text;

    private static string[] Classes(string[] texts)
    {
        string[] distinct = [.. texts.Distinct()];
        return distinct.All(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? [.. distinct.OrderBy(text => double.Parse(text, CultureInfo.InvariantCulture))]
            : [.. distinct.Order(StringComparer.Ordinal)];
    }
}
