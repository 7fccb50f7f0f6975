namespace EdgeInference.ModelConverter.Data;

/// <summary>How the cells of one column become the values of a feature.</summary>
/// <param name="column">The column.</param>
internal sealed class CsvFeature(int column)
{
    private NameIndex? loose;

    /// <summary>The column.</summary>
    internal int Column => column;

    /// <summary>The texts of the categories, whose numbers are the values; null for a column of numbers.</summary>
    internal TextIndex? Categories { get; init; }

    /// <summary>Whether a text that is no category becomes one; else its value is the number of categories.</summary>
    internal bool TakesNew { get; init; }

    /// <summary>Whether a date is a number, its days since 1970-01-01.</summary>
    internal bool TakesDates { get; init; } = true;

    /// <summary>Cells with a date.</summary>
    internal long Dates { get; set; }

    /// <summary>The order in which the column writes day and month; null until that matters.</summary>
    internal DateOrder? DateOrder { get; set; }

    /// <summary>The texts that were taken as a category of other case or spaces, with it.</summary>
    internal Dictionary<string, int> Alike { get; } = new(StringComparer.Ordinal);

    /// <summary>Cells whose text is no category.</summary>
    internal long Unknown { get; set; }

    /// <summary>The first text that is no category, with its line.</summary>
    internal (string Text, int Line)? FirstUnknown { get; set; }

    /// <summary>The only category that differs from a text by case or spaces alone, or −1.</summary>
    internal int Loose(string text)
    {
        if (Alike.TryGetValue(text, out int known))
        {
            return known;
        }

        loose ??= new NameIndex([.. Enumerable.Range(0, Categories!.Count).Select(i => Categories[i])]);
        int[] found = loose.Loose(text);
        if (found.Length != 1)
        {
            return -1;
        }

        Alike.Add(text, found[0]);
        return found[0];
    }

    /// <summary>A feature whose categories are known.</summary>
    internal static CsvFeature Of(int column, IReadOnlyList<string> categories)
    {
        if (categories.Count == 0)
        {
            return new CsvFeature(column);
        }

        var index = new TextIndex();
        foreach (string text in categories)
        {
            index.Add(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return new CsvFeature(column) { Categories = index };
    }
}
