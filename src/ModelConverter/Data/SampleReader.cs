using EdgeInference.ModelConverter.Data.Recordings;
using EdgeInference.ModelConverter.Files;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Reads rows for a model from a CSV file (columns by name where the model knows its inputs' names) or a .npy array (the first dimension is the batch).</summary>
internal static class SampleReader
{
    /// <summary>Reads rows of <paramref name="length"/> values.</summary>
    /// <param name="path">A .csv or .npy file.</param>
    /// <param name="length">Values in a row.</param>
    /// <param name="names">Names of the model's inputs; where there are <paramref name="length"/>, a CSV's columns are taken by name, in the model's order, else by position.</param>
    /// <param name="without">A CSV column to leave out, or null.</param>
    /// <exception cref="InputException">The file is missing or does not fit.</exception>
    public static IReadOnlyList<float[]> Read(string path, int length, IReadOnlyList<string> names, string? without = null) =>
        Read(path, new ModelColumns(length, names.Count == length ? names : [], [], 2, false), without);

    /// <summary>Reads rows for a loaded model.</summary>
    public static IReadOnlyList<float[]> Read(string path, EdgeModel model, string? without = null, CsvOptions? format = null) => Read(path, ModelColumns.Of(model), without, format);

    /// <summary>Reads rows for a model.</summary>
    /// <param name="path">A .csv or .npy file.</param>
    /// <param name="model">What the model takes.</param>
    /// <param name="without">A CSV column to leave out, or null.</param>
    /// <param name="format">How a CSV is written, as far as it is known.</param>
    /// <exception cref="InputException">The file is missing or does not fit.</exception>
    internal static IReadOnlyList<float[]> Read(string path, ModelColumns model, string? without = null, CsvOptions? format = null)
    {
        if (IsArray(path))
        {
            return NpyRows.Read(path, model);
        }

        CsvFile file = CsvFile.Open(path, format, without);
        int label = without is null ? -1 : Array.IndexOf(file.Header, without);
        return RecordedRows.Of(file, label, model)?.Windows.Rows ?? Select(file, model, label);
    }

    /// <summary>The model's columns of a table as numbers.</summary>
    /// <param name="file">The table.</param>
    /// <param name="model">What the model takes.</param>
    /// <param name="label">Position of the label column, or −1.</param>
    /// <exception cref="InputException">A feature has no column, or a cell of it is not a number.</exception>
    internal static IReadOnlyList<float[]> Select(CsvFile file, ModelColumns model, int label) =>
        new CsvLoad(file, Features(ColumnMatch.Of(file, label, model.FeatureNames, model.Length), model)) { AcceptsMissing = model.AcceptsMissing }.Read().Rows;

    /// <summary>How the cells of a model's columns are read.</summary>
    internal static CsvFeature[] Features(int[] columns, ModelColumns model) =>
        [.. columns.Select((column, i) => i < model.Categories.Count ? CsvFeature.Of(column, model.Categories[i]) : new CsvFeature(column))];

    /// <summary>Whether a file is a .npy array, by its first bytes where they can be looked at, else by its name.</summary>
    /// <exception cref="InputException">It is neither an array nor text.</exception>
    internal static bool IsArray(string path)
    {
        byte[] start = InputFile.Start(path, ForeignFile.Bytes);
        return ForeignFile.IsArray(start)
            || (ForeignFile.Sentence(path, start, takesArrays: true) is { } foreign
                ? throw new InputException(foreign)
                : string.Equals(Path.GetExtension(path), ".npy", StringComparison.OrdinalIgnoreCase));
    }
}
