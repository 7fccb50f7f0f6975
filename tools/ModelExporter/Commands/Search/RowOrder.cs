using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Commands.Search;

/// <summary>The columns that say how rows are divided, and are no features.</summary>
internal static class RowOrder
{
    /// <summary>Takes the columns of --group and --time out of a table.</summary>
    /// <param name="table">The table as it was read, with them.</param>
    /// <param name="options">What is told of them.</param>
    /// <param name="group">The column of groups, or null.</param>
    /// <param name="time">The column of times, or null.</param>
    /// <exception cref="InputException">A row has no group or no time.</exception>
    internal static (LabelledTable Table, SearchOptions Options) TakeOut(LabelledTable table, SearchOptions options, string? group, string? time)
    {
        if ((group ?? time) is not { } name)
        {
            return (table, options);
        }

        int column = table.Names.ToList().IndexOf(name);
        int missing = table.Rows.ToList().FindIndex(row => float.IsNaN(row[column]));
        if (missing >= 0)
        {
            throw new InputException($"Row {missing + 1} has nothing in '{name}', which says how rows are divided; fill it in or delete the row.");
        }

        SearchOptions told = group is not null
            ? options with { Groups = [.. table.Rows.Select(row => (int)row[column])] }
            : options with { Times = [.. table.Rows.Select(row => (double)row[column])] };
        LabelledTable without = table with
        {
            Names = Without(table.Names, column),
            Rows = [.. table.Rows.Select(row => Without(row, column))],
            Categories = table.Categories.Count == 0 ? [] : Without(table.Categories, column),
        };
        return (without.Categories.All(texts => texts.Count == 0) ? without with { Categories = [] } : without, told);
    }

    private static T[] Without<T>(IReadOnlyList<T> all, int place) => [.. all.Where((_, i) => i != place)];
}
