using System.Globalization;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining.Search;

/// <summary>
/// Divides the windows of a recording so that no sample is both learned from and judged: windows overlap, and what is judged would
/// have been seen. Whole stretches are judged where there are enough of each class, else blocks of time within them.
/// </summary>
internal static class StretchFolds
{
    // Of fewer stretches of a class the parts would be too few to say much.
    private const int FewStretches = 3;

    /// <summary>The divisions, and in a sentence what was done.</summary>
    /// <param name="spans">The samples of each row.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="count">Parts, 2 or more.</param>
    /// <param name="seed">Seed of the order of the stretches.</param>
    internal static (Fold[] Folds, string Said) Of(RowSpan[] spans, int[] labels, int classes, int count, ulong seed)
    {
        int[][] stretches = [.. Enumerable.Range(0, classes).Select(c => Enumerable.Range(0, spans.Length).Where(row => labels[row] == c).Select(row => spans[row].Stretch).Distinct().ToArray())];
        int fewest = stretches.Min(ofClass => ofClass.Length);
        return fewest >= FewStretches ? Whole(spans, stretches, Math.Min(count, fewest), seed) : Blocks(spans, count, fewest);
    }

    private static (Fold[] Folds, string Said) Whole(RowSpan[] spans, int[][] stretches, int count, ulong seed)
    {
        var random = new Xoshiro256(seed);
        var part = new Dictionary<int, int>();
        int next = 0;
        foreach (int[] ofClass in stretches)
        {
            random.Shuffle(ofClass);
            foreach (int stretch in ofClass)
            {
                part[stretch] = next++ % count;
            }
        }

        Fold[] folds = [.. Enumerable.Range(0, count).Select(fold => Divide(spans, row => part[spans[row].Stretch] == fold))];
        return (folds, $"Cross-validation by stretch, in {count} parts: windows of one stretch of samples are never both learned from and judged.");
    }

    private static (Fold[] Folds, string Said) Blocks(RowSpan[] spans, int count, int fewest)
    {
        int[] block = new int[spans.Length];
        foreach (IGrouping<int, int> stretch in Enumerable.Range(0, spans.Length).GroupBy(row => spans[row].Stretch))
        {
            int[] rows = [.. stretch];
            for (int i = 0; i < rows.Length; i++)
            {
                block[rows[i]] = (int)((long)i * count / rows.Length);
            }
        }

        Fold[] folds = [.. Enumerable.Range(0, count).Select(fold => Divide(spans, row => block[row] == fold)).Where(fold => fold.Test.Length > 0)];
        string why = string.Create(CultureInfo.InvariantCulture, $"a class has only {fewest} {(fewest == 1 ? "stretch" : "stretches")} of samples; record each class {FewStretches} times or more to have whole stretches judged");
        return (folds, $"Cross-validation in {count} blocks of time of each stretch, without windows that reach into the block that is judged ({why}).");
    }

    private static Fold Divide(RowSpan[] spans, Predicate<int> isJudged)
    {
        int[] test = [.. Enumerable.Range(0, spans.Length).Where(row => isJudged(row))];
        var judged = test.GroupBy(row => spans[row].Stretch).ToDictionary(stretch => stretch.Key, stretch => (First: stretch.Min(row => spans[row].First), Last: stretch.Max(row => spans[row].Last)));
        bool Reaches(RowSpan span) => judged.TryGetValue(span.Stretch, out (int First, int Last) samples) && span.First <= samples.Last && samples.First <= span.Last;
        return new Fold([.. Enumerable.Range(0, spans.Length).Where(row => !isJudged(row) && !Reaches(spans[row]))], test);
    }
}
