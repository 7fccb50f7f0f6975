namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>Finds the abstain band that gives up the fewest rows for a wanted accuracy of the decisions that are taken.</summary>
internal static class AbstainBandTuner
{
    private const float AboveAll = 2f;

    /// <summary>The band around a binary classifier's threshold.</summary>
    /// <param name="labels">The true class of each row, 0 or 1.</param>
    /// <param name="probabilities">The (calibrated) probability of class 1 for each row.</param>
    /// <param name="threshold">Label 1 when the probability is at least this.</param>
    /// <param name="accuracy">The wanted accuracy, above 0 to 1.</param>
    /// <returns>The band and the share of rows in it; low equals high where none is needed.</returns>
    /// <exception cref="InputException">No band leaves decisions of that accuracy.</exception>
    public static (float Low, float High, double Share) Tune(IReadOnlyList<int> labels, IReadOnlyList<float> probabilities, float threshold, double accuracy)
    {
        List<Side> above = Sides(labels, probabilities, p => p >= threshold, label: 1);
        List<Side> below = Sides(labels, probabilities, p => p < threshold, label: 0);
        (int Low, int High, int Decided) best = (0, 0, 0);
        for (int low = 0; low < below.Count; low++)
        {
            for (int high = 0; high < above.Count; high++)
            {
                int decided = below[low].Rows + above[high].Rows;
                if (decided > best.Decided && Reaches(below[low].Right + above[high].Right, decided, accuracy))
                {
                    best = (low, high, decided);
                }
            }
        }

        if (best.Decided == 0)
        {
            throw Unreachable(accuracy);
        }

        // The ends lie midway between the last row that is given up and the first that is decided on.
        float highEnd = best.High == 0 ? threshold : best.High == above.Count - 1 ? AboveAll : ThresholdTuner.Midway(above[best.High - 1].Nearest, above[best.High].Nearest);
        float lowEnd = best.Low == 0 ? threshold : best.Low == below.Count - 1 ? 0f : ThresholdTuner.Midway(below[best.Low].Nearest, below[best.Low - 1].Nearest);
        return (lowEnd, highEnd, 1 - ((double)best.Decided / labels.Count));
    }

    /// <summary>The band from 0 to below a probability, for a classifier of several classes.</summary>
    /// <param name="correct">Whether each row's class was found.</param>
    /// <param name="probabilities">The (calibrated) probability of the class that was called, for each row.</param>
    /// <param name="accuracy">The wanted accuracy, above 0 to 1.</param>
    /// <returns>The band and the share of rows in it; 0 to 0 if none is needed.</returns>
    /// <exception cref="InputException">No band leaves decisions of that accuracy.</exception>
    public static (float Low, float High, double Share) Tune(IReadOnlyList<bool> correct, IReadOnlyList<float> probabilities, double accuracy)
    {
        int[] labels = [.. correct.Select(c => c ? 1 : 0)];
        List<Side> above = Sides(labels, probabilities, _ => true, label: 1);
        int best = above.FindIndex(side => side.Rows > 0 && Reaches(side.Right, side.Rows, accuracy));
        return best < 0
            ? throw Unreachable(accuracy)
            : (0f, best == 0 ? 0f : ThresholdTuner.Midway(above[best - 1].Nearest, above[best].Nearest), 1 - ((double)above[best].Rows / correct.Count));
    }

    // What is decided on one side when the k rows' values nearest to the threshold are given up, for k from none to all.
    private static List<Side> Sides(IReadOnlyList<int> labels, IReadOnlyList<float> probabilities, Func<float, bool> isOnSide, int label)
    {
        var sides = new List<Side> { new(0f, 0, 0) };
        IEnumerable<IGrouping<float, int>> groups = Enumerable.Range(0, labels.Count)
            .Where(i => isOnSide(probabilities[i]))
            .GroupBy(i => probabilities[i], i => labels[i])
            .OrderBy(group => label == 1 ? -group.Key : group.Key);
        foreach (IGrouping<float, int> group in groups)
        {
            Side last = sides[^1];
            int rows = group.Count();
            sides.Add(new Side(group.Key, last.Rows + rows, last.Right + group.Count(l => l == label)));
        }

        sides.Reverse();
        return sides;
    }

    // 9 of 10 reach 0.9, whatever the last bit of the product says.
    private static bool Reaches(int right, int decided, double accuracy) => right >= (accuracy * decided) - 1e-9;

    private static InputException Unreachable(double accuracy) =>
        new($"No abstain band reaches an accuracy of {accuracy}; lower the target.");

    private readonly record struct Side(float Nearest, int Rows, int Right);
}
