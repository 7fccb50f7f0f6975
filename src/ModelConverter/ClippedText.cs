using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeInference.ModelConverter;

/// <summary>An interpolated text whose parts are clipped: names in a file may be as long as the file.</summary>
[InterpolatedStringHandler]
internal sealed class ClippedText
{
    /// <summary>Characters of a part that are repeated.</summary>
    internal const int MostCharacters = 200;

    /// <summary>The format of a part that the program wrote itself, as a list of what is supported.</summary>
    internal const string Own = "own";

    // The end of a part may say where in the file it is.
    private const int End = 80;

    private readonly StringBuilder text;

    /// <summary>Begins a text, as the compiler does.</summary>
    public ClippedText(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + (16 * formattedCount));

    /// <summary>The program's own words.</summary>
    public static implicit operator ClippedText(string value)
    {
        var text = new ClippedText(value.Length, 0);
        text.AppendLiteral(value);
        return text;
    }

    /// <summary>Appends the program's own words.</summary>
    public void AppendLiteral(string value) => text.Append(value);

    /// <summary>Appends a part.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
    {
        if (format == Own || value is ClippedText)
        {
            text.Append(value?.ToString());
            return;
        }

        string part = value is IFormattable formattable ? formattable.ToString(format, null) : value?.ToString() ?? "";
        text.Append(part.Length <= MostCharacters ? part : string.Concat(part.AsSpan(0, MostCharacters - End - 1), "…", part.AsSpan(part.Length - End)));
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();
}
