namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>A file of rows.</summary>
/// <param name="Path">A .csv or .npy file.</param>
/// <param name="Label">The CSV's label column, or null.</param>
/// <param name="HasHeader">Whether the CSV's first row names its columns.</param>
internal sealed record RowFile(string Path, string? Label = null, bool HasHeader = true);
