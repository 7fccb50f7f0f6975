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

    /// <summary>Whether all columns of numbers are kept whatever they look like: a device sends them all, in this order.</summary>
    public bool KeepsNumbers { get; init; }

    /// <summary>The column that says which rows belong together, such as those of one machine; null for none. It is no feature.</summary>
    public string? Group { get; init; }

    /// <summary>The column of times, numbers or dates; null for none. It is no feature.</summary>
    public string? Time { get; init; }

    /// <summary>Checks the names against a table.</summary>
    /// <exception cref="InputException">A column is not there, is the label, or is named in two lists.</exception>
    internal void Check(CsvFile file, string label)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string option, IReadOnlyList<string> names) in (ReadOnlySpan<(string, IReadOnlyList<string>)>)[("--ignore", Ignored), ("--categorical", Categorical), ("--numeric", Numeric), ("--group", Group is null ? [] : [Group]), ("--time", Time is null ? [] : [Time])])
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
