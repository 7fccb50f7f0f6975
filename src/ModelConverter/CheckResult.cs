using System.Globalization;
using System.Text.Json.Serialization;

namespace EdgeInference.ModelConverter;

/// <summary>How far an exported model is from its source.</summary>
/// <param name="Reference">"float64" where the source was evaluated in double precision, else "float32".</param>
/// <param name="NoDoubleForm">The operator because of which the reference is in float32, or null.</param>
/// <param name="Rows">Number of rows compared.</param>
/// <param name="RowsAre">Where they come from: "calibration", "training" or "made".</param>
/// <param name="Float32Deviation">The largest deviation of the model before it is quantized, relative to the row's largest output, or to 1 where that is less.</param>
/// <param name="QuantizedDeviation">That of the model as it is written, null where that is the float32 one.</param>
public sealed record CheckResult(
    string Reference,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NoDoubleForm,
    int Rows,
    string RowsAre,
    double Float32Deviation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? QuantizedDeviation)
{
    private const double Allowed = 1e-5;

    /// <summary>The line for a person.</summary>
    internal string Line(Precision? precision)
    {
        string reference = NoDoubleForm is null ? "the source in double precision" : $"the source, unoptimised (float32 reference: no double form of {NoDoubleForm})";
        string first = QuantizedDeviation is null ? PrecisionText.Of(precision) : "float32";
        string quantized = QuantizedDeviation is { } deviation && precision != Precision.Float32 ? $", {PrecisionText.Of(precision)} by {Text(deviation)}" : "";
        string rows = $"{Rows} {(RowsAre == "made" ? "made " : "")}{(Rows == 1 ? "row" : "rows")}{(RowsAre == "made" ? "" : $" of {RowsAre}")}";
        return $"Checked against {reference} on {rows}: {first} deviates by {Text(Float32Deviation)} at most{quantized}.";
    }

    /// <summary>What a person should know before the model is used, or null where nothing is wrong.</summary>
    [JsonIgnore]
    public string? Warning => Float32Deviation <= Allowed ? null
        : $"Warning: the model deviates by {Text(Float32Deviation)} from its source{(NoDoubleForm is null ? " in double precision" : "")}, relative to the largest output, where 1e-5 is expected; compare its outputs with the source's before you rely on them.";

    private static string Text(double deviation) => double.IsFinite(deviation)
        ? deviation.ToString(deviation is 0 or >= 0.001 ? "0.####" : "0.0e-0", CultureInfo.InvariantCulture)
        : "more than any number";
}
