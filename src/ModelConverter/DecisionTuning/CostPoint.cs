using EdgeInference.ModelConverter.Evaluate;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>What decisions cost where a missed 1 costs more or less than a false alarm.</summary>
/// <param name="Ratio">Cost of a missed 1 over that of a false alarm.</param>
/// <param name="Threshold">The threshold that costs least on the rows.</param>
/// <param name="Least">Cost of a row with it, in false alarms.</param>
/// <param name="Own">Cost of a row with the model's own threshold.</param>
/// <param name="Blind">Cost of a row with the better of always and never deciding for 1.</param>
internal sealed record CostPoint(double Ratio, float Threshold, double Least, double Own, double Blind)
{
    /// <summary>The costs at some ratios.</summary>
    /// <param name="labels">The class of each row, 0 or 1; both occur.</param>
    /// <param name="probabilities">The probability of class 1 for each row.</param>
    /// <param name="threshold">The model's own threshold.</param>
    /// <param name="ratios">The ratios, above 0.</param>
    internal static CostPoint[] Of(int[] labels, float[] probabilities, float threshold, IEnumerable<double> ratios)
    {
        var curve = new ThresholdCurve(labels, probabilities);
        ConfusionMatrix own = curve.At(threshold);
        return [.. ratios.Select(ratio =>
        {
            double Cost(ConfusionMatrix m) => (m.FalsePositives + (ratio * m.FalseNegatives)) / labels.Length;
            (float best, ConfusionMatrix confusion) = ThresholdTuner.Tune(labels, probabilities, new ThresholdObjective(ThresholdGoal.Cost, ratio));
            return new CostPoint(ratio, best, Cost(confusion), Cost(own), Math.Min(own.Negatives, ratio * own.Positives) / labels.Length);
        })];
    }
}
