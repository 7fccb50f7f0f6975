using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Labelled rows for a model that decides.</summary>
internal static class LabelledRows
{
    /// <summary>Reads labelled rows in the order of a model's inputs and classes.</summary>
    /// <param name="path">A CSV file; - for standard input.</param>
    /// <param name="label">Its label column.</param>
    /// <param name="model">The model.</param>
    /// <param name="classes">The labels of class 0, 1, … as the table writes them, or null.</param>
    /// <param name="format">How the file is written, as far as it is known.</param>
    /// <exception cref="InputException">No decision can be taken on the model's outputs, or the file does not fit the model.</exception>
    internal static LabelledTable Read(string path, string label, EdgeModel model, IReadOnlyList<string>? classes = null, CsvOptions? format = null) =>
        model.File.Decision.Refusal is { } refusal
            ? throw new InputException(refusal)
            : ClassMatch.Read(CsvFile.Open(path, format, label), label, ModelColumns.Of(model), classes);
}
