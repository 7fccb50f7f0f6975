namespace EdgeInference.ModelConverter.Data;

/// <summary>What was read of a CSV file.</summary>
/// <param name="Rows">The features of each row.</param>
/// <param name="Labels">The labels; null where none were asked for.</param>
internal sealed record CsvData(IReadOnlyList<float[]> Rows, CsvLabels? Labels);
