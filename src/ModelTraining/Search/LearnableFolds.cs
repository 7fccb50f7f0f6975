using System.Globalization;

namespace EdgeInference.ModelTraining.Search;

/// <summary>Leaves out folds whose training rows lack a class: where rows are divided by group or time, that is a matter of the data.</summary>
internal static class LearnableFolds
{
    /// <summary>The folds whose training rows have every class. What is left out is said.</summary>
    /// <param name="folds">The folds.</param>
    /// <param name="table">All rows.</param>
    /// <param name="options">How they were divided.</param>
    /// <exception cref="InputException">None is left.</exception>
    internal static Fold[] Of(Fold[] folds, LabelledTable table, SearchOptions options)
    {
        int[] lacks = Array.ConvertAll(folds, fold => Lacking(fold, table));
        int left = lacks.Count(lack => lack < 0);
        if (left == folds.Length)
        {
            return folds;
        }

        string lacking = ClassText(table, lacks.First(lack => lack >= 0));
        if (left == 0)
        {
            throw new InputException(options.Spans is not null && options.Groups is null
                ? $"The class '{lacking}' has so few windows that none is left to learn from where others of the same samples are judged; record it for longer, or take a --hop nearer to --window."
                : options.Times is not null ? $"The class '{lacking}' comes so late that no part of the rows has rows of every class before it; omit --time, or record for longer."
                : $"The class '{lacking}' is in one group only, or another class is, so that nothing of it is left to learn from where that group is judged; omit --group, or add rows.");
        }

        Notices.Say(string.Create(CultureInfo.InvariantCulture, $"{folds.Length - left} of {folds.Length} parts of the rows are not judged: {(options.Times is not null ? "before them" : options.Groups is not null ? "outside of their groups" : "apart from their samples")} there is no row of '{lacking}' to learn from."));
        return [.. folds.Where((_, i) => lacks[i] < 0)];
    }

    private static string ClassText(LabelledTable table, int label) => table.Classes[label].Length > 60 ? table.Classes[label][..60] + "…" : table.Classes[label];

    // A class without training rows, or −1.
    private static int Lacking(Fold fold, LabelledTable table)
    {
        var has = new bool[table.Classes.Count];
        foreach (int row in fold.Training)
        {
            has[table.Labels[row]] = true;
        }

        return Array.IndexOf(has, false);
    }
}
