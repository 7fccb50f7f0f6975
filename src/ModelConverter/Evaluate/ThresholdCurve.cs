namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>The decisions of a binary classifier at every threshold that makes a difference, from one sort.</summary>
internal sealed class ThresholdCurve
{
    private readonly List<(float Threshold, ConfusionMatrix Confusion)> steps = [];

    /// <summary>Sorts the rows by probability.</summary>
    /// <param name="labels">The true class of each row, 0 or 1.</param>
    /// <param name="probabilities">The probability of class 1 for each row.</param>
    /// <exception cref="ArgumentException">There are no rows, or not as many labels as probabilities.</exception>
    /// <exception cref="InputException">A probability is NaN.</exception>
    public ThresholdCurve(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities)
    {
        if (labels.Length == 0 || labels.Length != probabilities.Length)
        {
            throw new ArgumentException($"There are {labels.Length} labels but {probabilities.Length} probabilities.", nameof(labels));
        }

        float[] keys = probabilities.ToArray();
        int[] sorted = labels.ToArray();
        int bad = Array.FindIndex(keys, float.IsNaN);
        if (bad >= 0)
        {
            throw new InputException($"The model's output for row {bad + 1} is not finite, so no metric can be computed; check the model.");
        }

        Array.Sort(keys, sorted);
        int positives = sorted.Count(label => label == 1);
        var counts = new ConfusionMatrix(0, 0, sorted.Length - positives, positives);
        steps.Add((float.PositiveInfinity, counts));
        double area = 0;
        for (int i = sorted.Length - 1; i >= 0;)
        {
            float threshold = keys[i];
            int ones = 0;
            int zeros = 0;
            for (; i >= 0 && keys[i] == threshold; i--)
            {
                ones += sorted[i];
                zeros += 1 - sorted[i];
            }

            // Pairs of this group's zeros with ones above them count whole, with ones beside them half.
            area += zeros * (counts.TruePositives + (ones / 2.0));
            counts = new ConfusionMatrix(counts.TruePositives + ones, counts.FalsePositives + zeros, counts.TrueNegatives - zeros, counts.FalseNegatives - ones);
            steps.Add((threshold, counts));
        }

        AreaUnderRoc = area / ((double)positives * (sorted.Length - positives));
    }

    /// <summary>Thresholds in falling order, each with its decisions: +∞ first, then each probability that occurs.</summary>
    public IReadOnlyList<(float Threshold, ConfusionMatrix Confusion)> Steps => steps;

    /// <summary>Area under the ROC curve, ties counting half; NaN if a class has no row.</summary>
    internal double AreaUnderRoc { get; }

    internal IReadOnlyList<CurvePoint> Roc =>
        [.. steps.Select(step => new CurvePoint(step.Confusion.FalsePositiveRate, step.Confusion.Recall, step.Threshold))];

    internal IReadOnlyList<CurvePoint> PrecisionRecall =>
        [.. steps.Select((step, i) => new CurvePoint(step.Confusion.Recall, i == 0 ? 1 : step.Confusion.Precision, step.Threshold))];

    /// <summary>The decisions at a threshold.</summary>
    public ConfusionMatrix At(float threshold) => steps.FindLast(step => step.Threshold >= threshold).Confusion;
}
