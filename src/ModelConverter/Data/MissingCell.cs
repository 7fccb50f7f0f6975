using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Which cells of a table hold no value.</summary>
internal static class MissingCell
{
    private const int LongestBytes = 7;

    // None as Python writes it; 'none' may be a category.
    private static readonly string[] exact = ["None"];

    private static readonly string[] inAnyCase = ["?", "NA", "N/A", "NaN", "-NaN", "null", "#N/A", "#NA", "<NA>"];

    /// <summary>Whether a trimmed cell is empty or says that its value is not known.</summary>
    internal static bool Is(ReadOnlySpan<byte> cell)
    {
        // Nearly all cells begin with a digit.
        if (cell.IsEmpty)
        {
            return true;
        }

        return cell.Length <= LongestBytes && (cell[0] > '9' || cell[0] is (byte)'#' || (cell[0] == '-' && cell.Length > 1 && cell[1] > '9')) && Is(Encoding.UTF8.GetString(cell));
    }

    /// <summary>The same of a text.</summary>
    internal static bool Is(string text) => text.Length == 0 || exact.Contains(text) || inAnyCase.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>The same of a label, where 'None' is a class.</summary>
    internal static bool IsLabel(string text) => Is(text) && !exact.Contains(text);
}
