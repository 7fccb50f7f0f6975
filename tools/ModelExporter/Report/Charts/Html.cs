using System.Globalization;
using System.Text;

namespace EdgeInference.Tool.Report.Charts;

/// <summary>Text and numbers as they go into HTML and SVG, the same on every machine.</summary>
internal static class Html
{
    /// <summary>Text that no browser takes for markup, in an element or between the quotes of an attribute; what XML cannot hold becomes U+FFFD.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isControl = rune.Value is < 0x20 and not (0x09 or 0x0A or 0x0D) or >= 0x7F and <= 0x9F or 0xFFFE or 0xFFFF;
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(isControl ? "\uFFFD" : rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    /// <summary>A whole number with separators.</summary>
    internal static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate as <c>edge evaluate</c> prints it; "n/a" for NaN.</summary>
    internal static string Rate(double value) => double.IsNaN(value) ? "n/a" : value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage.</summary>
    internal static string Percent(double value) => value.ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>Percentage points, without the sign of 0.</summary>
    internal static string Points(double value) => (Math.Round(value, 1, MidpointRounding.AwayFromZero) + 0.0).ToString("0.0;\u22120.0;0.0", CultureInfo.InvariantCulture);

    /// <summary>A threshold or another float with all its digits, as <c>edge inspect</c> prints it: one that is rounded would decide otherwise.</summary>
    internal static string Exact(float value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number with four digits that count.</summary>
    internal static string Short(double value) => value == 0 ? "0" : value.ToString("G4", CultureInfo.InvariantCulture).Replace("E-0", "e-", StringComparison.Ordinal).Replace("E+0", "e+", StringComparison.Ordinal).Replace("E", "e", StringComparison.Ordinal);

    /// <summary>A coordinate: one decimal, the sign of 0 left out.</summary>
    internal static string Coordinate(double value)
    {
        double rounded = Math.Round(value, 1, MidpointRounding.AwayFromZero);
        return (rounded == 0 ? 0 : rounded).ToString("0.#", CultureInfo.InvariantCulture);
    }
}
