namespace EdgeInference.ModelConverter;

/// <summary>The word for a precision.</summary>
internal static class PrecisionText
{
    /// <summary>float32, int8 or int16; mixed where layers differ.</summary>
    internal static string Of(Precision? precision) => precision?.ToString().ToLowerInvariant() ?? "mixed";
}
