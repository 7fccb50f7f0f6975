namespace EdgeInference.ModelConverter.Data;

/// <summary>Which columns of a table are a model's features: by name where the model has names, else by position. What is not exact is said or refused.</summary>
internal static class ColumnMatch
{
    /// <summary>The column of each feature, in the model's order.</summary>
    /// <param name="cells">The table.</param>
    /// <param name="label">Position of the label column, which is not a feature, or −1.</param>
    /// <param name="names">A name for each feature, or none.</param>
    /// <param name="length">Number of features.</param>
    /// <param name="known">A column that is known to be something else, and is not said to be left out; or null.</param>
    /// <exception cref="InputException">A feature has no column or more than one, or the number of columns is wrong.</exception>
    internal static int[] Of(CsvFile cells, int label, IReadOnlyList<string> names, int length, string? known = null) =>
        names.Count == length && length > 0 && cells.HasHeader ? ByName(cells, label, names, known) : ByPosition(cells, label, names, length);

    private static int[] ByPosition(CsvFile cells, int label, IReadOnlyList<string> names, int length)
    {
        int[] columns = cells.FeatureColumns(label);
        if (columns.Length != length)
        {
            throw new InputException($"'{cells.Path}' has {columns.Length} feature columns but the model takes {length}; remove columns, or name the label column with --label.");
        }

        string reason = names.Count == length ? "it is read without a header" : "the model has no names for its inputs";
        Notices.Say($"'{cells.Path}': columns are taken by position, since {reason}.");
        return columns;
    }

    private static int[] ByName(CsvFile cells, int label, IReadOnlyList<string> names, string? known)
    {
        var header = new NameIndex(cells.Header);
        int[] found = [.. names.Select(name => Except(header.Exact(name), label))];
        var taken = found.ToHashSet();
        int[] free = [.. Enumerable.Range(0, cells.Header.Length).Where(column => column != label && !taken.Contains(column))];
        string[] freeNames = [.. free.Select(column => cells.Header[column])];
        var freeIndex = new NameIndex(freeNames);
        var unmatched = new NameIndex([.. names.Where(name => header.Exact(name) < 0)]);
        var missing = new List<int>();
        for (int feature = 0; feature < found.Length; feature++)
        {
            if (found[feature] >= 0)
            {
                continue;
            }

            int[] loose = freeIndex.Loose(names[feature]);
            if (loose.Length == 0)
            {
                missing.Add(feature);
                continue;
            }

            List<string> rivals = [.. unmatched.Loose(names[feature]).Select(i => unmatched[i])];
            rivals.Remove(names[feature]);
            if (loose.Length > 1 || rivals.Count > 0)
            {
                string what = loose.Length > 1
                    ? $"the columns {NameMatch.List([.. loose.Select(i => freeNames[i])])} could each be the model's feature '{names[feature]}'"
                    : $"the column '{freeNames[loose[0]]}' could be the model's feature {NameMatch.List([names[feature], .. rivals])}";
                throw new InputException($"'{cells.Path}': {what}; rename the right one to the exact feature name.");
            }

            found[feature] = free[loose[0]];
            taken.Add(found[feature]);
            Notices.Say($"'{cells.Path}': the column '{freeNames[loose[0]]}' is taken as the model's feature '{names[feature]}'.");
        }

        if (missing.Count > 0)
        {
            throw new InputException(Missing(cells, names, missing, [.. freeNames.Where((_, i) => !taken.Contains(free[i]))]));
        }

        SayLeftOut(cells, label, found, known);
        return found;
    }

    private static int Except(int column, int label) => column == label ? -1 : column;

    private static string Missing(CsvFile cells, IReadOnlyList<string> names, List<int> missing, string[] free)
    {
        string name = names[missing[0]];
        string nearest = Suggestion.Nearest(name, free);
        string more = missing.Count > 1 ? $" (nor {NameMatch.List([.. missing.Skip(1).Select(i => names[i])], 4)})" : "";
        string mend = nearest.Length > 0
            ? $"'{nearest}' is the closest; rename it"
            : free.Length > 0 ? $"its other columns are {NameMatch.List(free, 4)}; add or rename it" : "add it";
        return $"'{cells.Path}' has no column '{name}', which the model needs as feature {missing[0] + 1} of {names.Count}{more}; {mend}.";
    }

    private static void SayLeftOut(CsvFile cells, int label, int[] found, string? known)
    {
        var taken = found.ToHashSet();
        int[] others = [.. Enumerable.Range(0, cells.Header.Length).Where(column => column != label && !taken.Contains(column) && cells.Header[column] != known)];
        if (others is [0, ..] && cells.HasIndexColumn)
        {
            _ = cells.FeatureColumns(label);
            others = others[1..];
        }

        if (others.Length > 0)
        {
            Notices.Say($"'{cells.Path}': {(others.Length == 1 ? "the column" : "the columns")} {NameMatch.List([.. others.Select(column => cells.Header[column])])} {(others.Length == 1 ? "is" : "are")} left out, since the model has no such {(others.Length == 1 ? "feature" : "features")}.");
        }
    }
}
