namespace EdgeInference.ModelConverter.Data;

/// <summary>How a CSV file is written.</summary>
/// <param name="Separator">The separator of columns.</param>
/// <param name="Decimal">The decimal separator.</param>
/// <param name="Thousands">What groups thousands, or null where nothing does; a space stands for every kind of space.</param>
/// <param name="HasHeader">Whether the first row names the columns.</param>
/// <param name="StartsWithSeparator">Whether the first line says what the separator is, as Excel writes it.</param>
internal sealed record CsvDialect(char Separator = ',', char Decimal = '.', char? Thousands = null, bool HasHeader = true, bool StartsWithSeparator = false)
{
    /// <summary>Whether the first row looks like data and not like names.</summary>
    internal bool StartsWithData { get; init; }

    /// <summary>What differs from the plain form, in words; empty where nothing does.</summary>
    /// <param name="encoding">The encoding to be said, or null.</param>
    /// <param name="isHeaderAsked">Whether the caller said that there is no header.</param>
    internal string Text(string? encoding, bool isHeaderAsked)
    {
        string[] parts =
        [
            .. encoding is null ? Array.Empty<string>() : [$"{encoding} (--encoding)"],
            .. Separator == ',' ? Array.Empty<string>() : [$"columns separated by {Name(Separator)} (--separator)"],
            .. Decimal == '.' ? Array.Empty<string>() : ["a decimal comma (--decimal)"],
            .. Thousands is { } group ? [$"thousands grouped by {Name(group)} (--decimal)"] : Array.Empty<string>(),
            .. HasHeader || isHeaderAsked ? Array.Empty<string>() : ["no header (--no-header): columns are named 1, 2, …"],
        ];
        return string.Join(", ", parts);
    }

    /// <summary>A separator in words.</summary>
    internal static string Name(char separator) => separator switch
    {
        ',' => "commas",
        ';' => "semicolons",
        '\t' => "tabs",
        '|' => "bars",
        '.' => "points",
        ' ' => "spaces",
        '\'' => "apostrophes",
        _ => $"'{separator}'",
    };
}
