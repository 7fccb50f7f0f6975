namespace EdgeInference.ModelTraining;

/// <summary>Splits the windows of a recording so that both parts have no sample in common.</summary>
internal static class StretchSplit
{
    /// <summary>Row indices of both parts: the last windows of each stretch are the second, and those before that reach into them are in neither.</summary>
    /// <param name="spans">The samples of each row; those of a stretch follow one another.</param>
    /// <param name="fraction">The share of the second part, rounded down; of a stretch that would lose more than half of its windows nothing.</param>
    internal static (int[] First, int[] Second) Of(IReadOnlyList<RowSpan> spans, double fraction)
    {
        var first = new List<int>();
        var second = new List<int>();
        foreach (IGrouping<int, int> stretch in Enumerable.Range(0, spans.Count).GroupBy(row => spans[row].Stretch))
        {
            int[] rows = [.. stretch];
            int[] kept = rows[(rows.Length - (int)(rows.Length * fraction))..];
            int[] learned = [.. rows.Except(kept).Where(row => kept.Length == 0 || !spans[row].Overlaps(spans[kept[0]]))];
            bool isEnough = learned.Length * 2 >= rows.Length;
            first.AddRange(isEnough ? learned : rows);
            second.AddRange(isEnough ? kept : []);
        }

        return ([.. first], [.. second]);
    }
}
