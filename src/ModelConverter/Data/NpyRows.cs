using System.Globalization;
using EdgeInference.ModelConverter.Files;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Rows of a .npy array, whose values are taken as a CSV's cells are: what is wrong with them is said in the same words.</summary>
internal static class NpyRows
{
    /// <summary>Reads rows for a model; the first dimension is the batch.</summary>
    /// <param name="path">The file; - for standard input.</param>
    /// <param name="model">What the model takes.</param>
    /// <exception cref="InputException">The file is missing or does not fit, or a value is not one that the model defines.</exception>
    internal static float[][] Read(string path, ModelColumns model)
    {
        (int[] shape, float[] data) = path == InputFile.StandardInput ? NpyFile.Parse(InputFile.ReadAll(path), path) : NpyFile.Read(path);
        int count = shape.Length > 0 ? shape[0] : 0;
        if (count == 0 || data.Length != count * model.Length)
        {
            throw new InputException($"'{path}' has the shape ({string.Join(", ", shape)}), expected rows of {model.Length} values; the first dimension is the batch.");
        }

        var problems = new CsvProblems(path) { Row = "row" };
        for (int i = 0; i < data.Length; i++)
        {
            if (!float.IsFinite(data[i]) && !(model.AcceptsMissing && float.IsNaN(data[i])))
            {
                Add(problems, data[i], i / model.Length, i % model.Length, model.FeatureNames);
            }
        }

        problems.Throw();
        return [.. data.Chunk(model.Length)];
    }

    private static void Add(CsvProblems problems, float value, int row, int column, IReadOnlyList<string> names)
    {
        string name = column < names.Count ? names[column] : (column + 1).ToString(CultureInfo.InvariantCulture);
        (string what, string mend) = float.IsNaN(value)
            ? ($"'nan' {CsvLoad.IsMissing}, {CsvLoad.Undefined}", "fill it in or delete the row")
            : ($"'{(value > 0 ? "inf" : "-inf")}' is not a finite number", "replace it or delete the row");
        problems.Add(row + 1, name, what, mend);
    }
}
