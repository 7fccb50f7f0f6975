using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Commands;

/// <summary>What <c>edge adapt</c> reads.</summary>
/// <param name="Model">The model.</param>
/// <param name="Data">The rows that are learned.</param>
/// <param name="Label">The label column, or null.</param>
/// <param name="Test">The rows that the model is tried on, or null.</param>
/// <param name="Format">How the tables are written.</param>
internal sealed record AdaptInputs(string Model, string Data, string? Label, string? Test, CsvOptions Format);
