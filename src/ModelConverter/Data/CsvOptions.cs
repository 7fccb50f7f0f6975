namespace EdgeInference.ModelConverter.Data;

/// <summary>How a CSV file is written, as far as a caller says so; what is null is found by looking at the file.</summary>
internal sealed record CsvOptions
{
    /// <summary>The separator of columns: a comma, a semicolon, a tab or a bar.</summary>
    public char? Separator { get; init; }

    /// <summary>The decimal separator, a point or a comma; the other one groups thousands.</summary>
    public char? Decimal { get; init; }

    /// <summary>The name of the encoding.</summary>
    public string? Encoding { get; init; }

    /// <summary>Whether the first row names the columns; null to guess.</summary>
    public bool? HasHeader { get; init; } = true;
}
