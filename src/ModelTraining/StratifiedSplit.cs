using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining;

/// <summary>Splits rows so that both parts hold the classes in the same proportion.</summary>
internal static class StratifiedSplit
{
    /// <summary>Row indices of both parts; of each class, a random <paramref name="fraction"/> rounded down goes to the second.</summary>
    internal static (int[] First, int[] Second) Of(ReadOnlySpan<int> labels, int classes, double fraction, Xoshiro256 random)
    {
        var first = new List<int>();
        var second = new List<int>();
        List<int>[] all = [.. Enumerable.Range(0, classes).Select(_ => new List<int>())];
        for (int i = 0; i < labels.Length; i++)
        {
            all[labels[i]].Add(i);
        }

        foreach (List<int> members in all)
        {
            int[] shuffled = [.. members];
            random.Shuffle(shuffled);
            int kept = (int)(shuffled.Length * fraction);
            second.AddRange(shuffled[..kept]);
            first.AddRange(shuffled[kept..]);
        }

        return ([.. first], [.. second]);
    }
}
