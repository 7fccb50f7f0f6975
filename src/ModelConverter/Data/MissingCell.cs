namespace EdgeInference.ModelConverter.Data;

/// <summary>Which cells of a table hold no value.</summary>
internal static class MissingCell
{
    private static readonly string[] spellings = ["", "?", "NA", "N/A", "NaN", "null"];

    /// <summary>Whether a trimmed cell is empty or says that its value is not known.</summary>
    internal static bool Is(string text) => spellings.Contains(text, StringComparer.OrdinalIgnoreCase);
}
