using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>A file of rows.</summary>
/// <param name="Path">A .csv or .npy file.</param>
/// <param name="Label">The CSV's label column, or null.</param>
/// <param name="Format">How the CSV is written, as far as it is known; null for a header and nothing else.</param>
internal sealed record RowFile(string Path, string? Label = null, CsvOptions? Format = null);
