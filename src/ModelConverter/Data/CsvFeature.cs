namespace EdgeInference.ModelConverter.Data;

/// <summary>How the cells of one column become the values of a feature.</summary>
/// <param name="column">The column.</param>
internal sealed class CsvFeature(int column)
{
    /// <summary>The column.</summary>
    internal int Column => column;

    /// <summary>The texts of the categories, whose numbers are the values; null for a column of numbers.</summary>
    internal TextIndex? Categories { get; init; }

    /// <summary>Whether a text that is no category becomes one; else its value is the number of categories.</summary>
    internal bool TakesNew { get; init; }

    /// <summary>Whether a date is a number, its days since 1970-01-01.</summary>
    internal bool TakesDates { get; init; } = true;

    /// <summary>Cells whose text is no category.</summary>
    internal long Unknown { get; set; }

    /// <summary>The first text that is no category, with its line.</summary>
    internal (string Text, int Line)? FirstUnknown { get; set; }

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
