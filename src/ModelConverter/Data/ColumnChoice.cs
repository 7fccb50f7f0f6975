namespace EdgeInference.ModelConverter.Data;

/// <summary>What a caller says of the columns of a table that is trained on; the other columns are found by looking.</summary>
internal sealed record ColumnChoice
{
    /// <summary>Columns that are left out.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Columns whose values are categories, also where they are numbers.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>Columns of numbers that are kept whatever they look like; a date is its days since 1970-01-01.</summary>
    public IReadOnlyList<string> Numeric { get; init; } = [];

    /// <summary>Checks the names against a table.</summary>
    /// <exception cref="InputException">A column is not there, is the label, or is named in two lists.</exception>
    internal void Check(CsvFile file, string label)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string option, IReadOnlyList<string> names) in (ReadOnlySpan<(string, IReadOnlyList<string>)>)[("--ignore", Ignored), ("--categorical", Categorical), ("--numeric", Numeric)])
        {
            foreach (string name in names)
            {
                if (!file.Header.Contains(name))
                {
                    string nearest = Suggestion.Nearest(name, file.Header);
                    throw new InputException($"{option} names the column '{name}', which '{file.Path}' does not have{(nearest.Length > 0 ? $"; did you mean '{nearest}'?" : ".")}");
                }

                if (name == label)
                {
                    throw new InputException($"{option} names the label column '{name}'; name features only.");
                }

                if (!seen.TryAdd(name, option) && seen[name] != option)
                {
                    throw new InputException($"The column '{name}' is named by {seen[name]} and by {option}; name it once.");
                }
            }
        }
    }
}
