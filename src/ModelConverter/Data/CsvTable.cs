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
        CsvFile file = CsvFile.Open(path);
        int[] columns = file.FeatureColumns(without is null ? -1 : Array.IndexOf(file.Header, without));
        return new Table([.. columns.Select(column => file.Header[column])], file.Numbers(columns));
    }

    /// <summary>Reads a label column and all others as features, which have to be numbers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="label">The header of the label column.</param>
    /// <param name="classes">The classes that are allowed, in their order; null to take them from the file.</param>
    /// <exception cref="InputException">As <see cref="Read"/>; also a missing label column, a label that is not among <paramref name="classes"/>, or more than <see cref="MostClasses"/> classes in the file.</exception>
    public static LabelledTable ReadLabelled(string path, string label, IReadOnlyList<string>? classes = null)
    {
        CsvFile file = CsvFile.Open(path, label: label);
        int column = file.LabelColumn(label);
        int[] columns = file.FeatureColumns(column);
        CsvData data = new CsvLoad(file, [.. columns.Select(feature => new CsvFeature(feature))], column).Read();
        CsvLabels labels = data.Labels!;
        IReadOnlyList<string> names = classes is { Count: > 0 } ? classes : Classes(labels, path, label);
        var index = new NameIndex(names);
        int[] numbers = Array.ConvertAll(labels.Distinct, index.Exact);
        int wrong = Array.IndexOf(numbers, -1);
        return wrong < 0
            ? new LabelledTable([.. columns.Select(feature => file.Header[feature])], data.Rows, labels.Rows(numbers), names)
            : throw new InputException($"{labels.Place(wrong)} is not one of the model's classes ({string.Join(", ", names)}).");
    }

    /// <summary>A class's text; a number as it is usually written.</summary>
    internal static string ClassText(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : text;

    /// <summary>The classes of a label column: numbers in ascending order, else texts in the order of their code points.</summary>
    /// <exception cref="InputException">There are more than <see cref="MostClasses"/>.</exception>
    internal static string[] Classes(CsvLabels labels, string path, string label)
    {
        string[] distinct = labels.Distinct;
        if (distinct.Length > MostClasses)
        {
            throw new InputException($"'{path}': the column '{label}' has {distinct.Length} different labels; at most {MostClasses} classes are supported; name the column of classes with --label.");
        }

        return distinct.All(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? [.. distinct.OrderBy(text => double.Parse(text, CultureInfo.InvariantCulture))]
            : [.. distinct.Order(StringComparer.Ordinal)];
    }
}
