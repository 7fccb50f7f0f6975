using System.Globalization;
using System.Text.Json.Serialization;

namespace EdgeInference.ModelConverter;

/// <summary>How far an exported model is from its source.</summary>
/// <param name="Reference">"float64" where the source was evaluated in double precision, else "float32".</param>
/// <param name="NoDoubleForm">The operator because of which the reference is in float32, or null.</param>
/// <param name="Rows">Number of rows compared.</param>
/// <param name="RowsAre">Where they come from: "calibration", "training" or "made".</param>
/// <param name="Float32Deviation">The largest deviation of the model before it is quantized, relative to the row's largest output, or to 1 where that is less.</param>
/// <param name="QuantizedDeviation">The same for the written model, null if it is float32.</param>
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
        string reference = NoDoubleForm is null ? "the source in double precision" : $"the source, unoptimised (float32 reference: {NoDoubleForm} cannot be evaluated in double precision)";
        string first = QuantizedDeviation is null ? PrecisionText.Of(precision) : "float32";
        string quantized = QuantizedDeviation is { } deviation && precision != Precision.Float32 ? $", {PrecisionText.Of(precision)} by {Text(deviation)}" : "";
        string rows = $"{Rows} {(RowsAre == "made" ? "made " : "")}{(Rows == 1 ? "row" : "rows")}{(RowsAre == "made" ? "" : $" of {RowsAre}")}";
        return $"Checked against {reference} on {rows}: {first} deviates by {Text(Float32Deviation)} at most{quantized}.";
    }

    /// <summary>A warning to read before the model is used, or null.</summary>
    [JsonIgnore]
    public string? Warning => Float32Deviation <= Allowed ? null
        : $"Warning: the model deviates by {Text(Float32Deviation)} from its source{(NoDoubleForm is null ? " in double precision" : "")}, relative to the largest output; expected is 1e-5. Compare its outputs with the source before you use it.";

    private static string Text(double deviation) => double.IsFinite(deviation)
        ? deviation.ToString(deviation is 0 or >= 0.001 ? "0.####" : "0.0e-0", CultureInfo.InvariantCulture)
        : "an infinite amount";
}
