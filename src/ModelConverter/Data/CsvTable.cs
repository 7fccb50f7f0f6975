using System.Globalization;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Reads tables of numbers from CSV files with a header line. Every fault is named with its line and column.</summary>
internal static class CsvTable
{
    /// <summary>Classes that a classifier is trained for. A column with more holds numbers or the names of rows.</summary>
    internal const int MostClasses = 1000;

    /// <summary>Reads all columns as features, except <paramref name="without"/> where the file has it.</summary>
    /// <exception cref="InputException">The file is missing, empty, or holds something that is not a finite number.</exception>
    public static Table Read(string path, string? without = null)
    {
        CsvCells cells = CsvCells.Read(path);
        int[] columns = cells.FeatureColumns(without is null ? -1 : Array.IndexOf(cells.Header, without));
        return new Table([.. columns.Select(column => cells.Header[column])], cells.Numbers(columns));
    }

    /// <summary>Reads a label column and all others as features.</summary>
    /// <param name="path">The file.</param>
    /// <param name="label">The header of the label column.</param>
    /// <param name="classes">The classes that are allowed, in their order; null to take them from the file.</param>
    /// <exception cref="InputException">As <see cref="Read"/>; also a missing label column, a label that is not among <paramref name="classes"/>, or more than <see cref="MostClasses"/> classes in the file.</exception>
    public static LabelledTable ReadLabelled(string path, string label, IReadOnlyList<string>? classes = null)
    {
        CsvCells cells = CsvCells.Read(path);
        int column = cells.LabelColumn(label);
        string[] texts = Texts(cells, column);
        IReadOnlyList<string> names = classes is { Count: > 0 } ? classes : Classes(texts, path, label);
        var labels = new int[texts.Length];
        var index = new NameIndex(names);
        for (int i = 0; i < texts.Length; i++)
        {
            labels[i] = index.Exact(texts[i]);
            if (labels[i] < 0)
            {
                throw new InputException($"'{path}', line {cells.LineNumbers[i]}: the label '{texts[i]}' in column '{label}' is not one of the model's classes ({string.Join(", ", names)}).");
            }
        }

        int[] columns = cells.FeatureColumns(column);
        return new LabelledTable([.. columns.Select(feature => cells.Header[feature])], cells.Numbers(columns), labels, names);
    }

    /// <summary>The class of each row as text, numbers as they are usually written.</summary>
    /// <exception cref="InputException">A label is missing.</exception>
    internal static string[] Texts(CsvCells cells, int column)
    {
        string[] texts = new string[cells.Lines.Count];
        var same = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int row = 0; row < texts.Length; row++)
        {
            string text = ClassText(cells.Lines.Cell(row, column));
            if (!same.TryGetValue(text, out string? first))
            {
                same.Add(text, first = text);
            }

            texts[row] = first;
        }

        int empty = Array.FindIndex(texts, string.IsNullOrEmpty);
        return empty < 0
            ? texts
            : throw new InputException($"'{cells.Path}', line {cells.LineNumbers[empty]}: the label column '{cells.Header[column]}' is empty; fill it or delete the line.");
    }

    /// <summary>A class's text; a number as it is usually written.</summary>
    internal static string ClassText(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : text;

    private static string[] Classes(string[] texts, string path, string label)
    {
        string[] distinct = [.. texts.Distinct()];
        if (distinct.Length > MostClasses)
        {
            throw new InputException($"'{path}': the column '{label}' has {distinct.Length} different labels; at most {MostClasses} classes are supported; name the column of classes with --label.");
        }

        return distinct.All(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? [.. distinct.OrderBy(text => double.Parse(text, CultureInfo.InvariantCulture))]
            : [.. distinct.Order(StringComparer.Ordinal)];
    }
}
