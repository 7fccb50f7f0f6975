using EdgeRuntime;
using ModelFormat;

namespace ModelExporter.Data;

/// <summary>Reads rows for a model from a CSV file (columns by name where the model knows its inputs' names) or a .npy array (the first dimension is the batch).</summary>
public static class SampleReader
{
    /// <summary>Reads rows of <paramref name="length"/> values.</summary>
    /// <param name="path">A .csv or .npy file.</param>
    /// <param name="length">Values in a row.</param>
    /// <param name="names">Names of the model's inputs; where all are among a CSV's columns, those are taken, in the model's order.</param>
    /// <param name="without">A CSV column to leave out, or null.</param>
    /// <exception cref="InputException">The file is missing or does not fit.</exception>
    public static IReadOnlyList<float[]> Read(string path, int length, IReadOnlyList<string> names, string? without = null)
    {
        if (string.Equals(Path.GetExtension(path), ".npy", StringComparison.OrdinalIgnoreCase))
        {
            return ReadNpy(path, length);
        }

        Table table = CsvTable.Read(path, without);
        return Select(path, table.Names, table.Rows, length, names);
    }

    /// <summary>Reads rows for a loaded model.</summary>
    public static IReadOnlyList<float[]> Read(string path, EdgeModel model, string? without = null) =>
        Read(path, model.InputLength, model.File.Metadata.TextList(MetadataKey.InputNames), without);

    /// <summary>The model's columns of a table, by name where it knows them, else all.</summary>
    /// <exception cref="InputException">The table has another number of columns than the model takes.</exception>
    public static IReadOnlyList<float[]> Select(string path, IReadOnlyList<string> columns, IReadOnlyList<float[]> rows, int length, IReadOnlyList<string> names)
    {
        int[] order = [.. names.Select(name => columns.ToList().IndexOf(name))];
        if (order.Length == length && !order.Contains(-1))
        {
            return [.. rows.Select(row => Array.ConvertAll(order, column => row[column]))];
        }

        if (columns.Count != length)
        {
            string missing = names.FirstOrDefault(name => !columns.Contains(name)) ?? "";
            throw new InputException(missing.Length > 0
                ? $"'{path}' has no column '{missing}', which the model needs; add it or check its spelling."
                : $"'{path}' has {columns.Count} feature columns where the model takes {length}; leave columns out, or name the label column with --label.");
        }

        return rows;
    }

    private static float[][] ReadNpy(string path, int length)
    {
        (int[] shape, float[] data) = NpyFile.Read(path);
        int count = shape.Length > 0 ? shape[0] : 0;
        if (count == 0 || data.Length != count * length)
        {
            throw new InputException($"'{path}' has the shape ({string.Join(", ", shape)}) where rows of {length} values are needed; the first dimension is the batch.");
        }

        return data.Chunk(length).ToArray();
    }
}
