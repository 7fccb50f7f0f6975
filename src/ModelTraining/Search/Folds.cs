using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining.Search;

/// <summary>How rows are divided, so that each candidate is judged on rows that it was not fitted to.</summary>
internal static class Folds
{
    /// <summary>Parts that hold the classes in the same proportion; each row is in one test part of each repeat.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="count">Parts, 2 or more.</param>
    /// <param name="repeats">Times that the rows are divided anew.</param>
    /// <param name="seed">Seed of the order.</param>
    internal static Fold[] Stratified(int[] labels, int classes, int count, int repeats, ulong seed)
    {
        var random = new Xoshiro256(seed);
        var folds = new List<Fold>();
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            folds.AddRange(Of(ClassMembers.Deal(ClassMembers.Shuffled(labels, classes, random), count), count));
        }

        return [.. folds];
    }

    /// <summary>Parts that keep the rows of a group together, as those of one machine or one person.</summary>
    /// <param name="groups">The group of each row.</param>
    /// <param name="count">Parts, at most as many as there are groups.</param>
    /// <param name="seed">Seed of the order.</param>
    internal static Fold[] Grouped(int[] groups, int count, ulong seed)
    {
        var sizes = groups.GroupBy(group => group).ToDictionary(group => group.Key, group => group.Count());
        int[] order = [.. sizes.Keys.Order()];
        new Xoshiro256(seed).Shuffle(order);
        var filled = new int[count];
        var partOf = new Dictionary<int, int>();
        foreach (int group in order.OrderByDescending(group => sizes[group]))
        {
            int smallest = Array.IndexOf(filled, filled.Min());
            partOf[group] = smallest;
            filled[smallest] += sizes[group];
        }

        return [.. Of(Array.ConvertAll(groups, group => partOf[group]), count)];
    }

    /// <summary>Parts in the order of time: each is judged by what came before it, the first by nothing.</summary>
    /// <param name="times">The time of each row.</param>
    /// <param name="count">Parts that are judged; rows are cut into one more.</param>
    internal static Fold[] Forward(double[] times, int count)
    {
        int[] order = [.. Enumerable.Range(0, times.Length).OrderBy(row => times[row])];
        var folds = new List<Fold>();
        for (int part = 1; part <= count; part++)
        {
            int start = (int)((long)order.Length * part / (count + 1));
            int end = (int)((long)order.Length * (part + 1) / (count + 1));
            folds.Add(new Fold([.. order[..start].Order()], [.. order[start..end].Order()]));
        }

        return [.. folds];
    }

    private static IEnumerable<Fold> Of(int[] part, int count) => Enumerable.Range(0, count)
        .Select(fold => new Fold(
            [.. Enumerable.Range(0, part.Length).Where(row => part[row] != fold)],
            [.. Enumerable.Range(0, part.Length).Where(row => part[row] == fold)]))
        .Where(fold => fold.Test.Length > 0);
}
