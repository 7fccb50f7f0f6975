using EdgeInference.ModelConverter.Evaluate;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>Finds the threshold that an objective likes best on labelled rows.</summary>
internal static class ThresholdTuner
{
    /// <summary>Tries every threshold that makes a difference. Of equals the one nearest 0.5 is taken.</summary>
    /// <param name="labels">The true class of each row, 0 or 1; both must occur.</param>
    /// <param name="probabilities">The (calibrated) probability of class 1 for each row, 0 to 1.</param>
    /// <param name="objective">What is tuned for.</param>
    /// <returns>The threshold, midway between two probabilities that occur, and its decisions.</returns>
    /// <exception cref="InputException">A class has no row, or a probability is NaN.</exception>
    public static (float Threshold, ConfusionMatrix Confusion) Tune(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities, ThresholdObjective objective)
    {
        var curve = new ThresholdCurve(labels, probabilities);
        if (curve.Steps[0].Confusion is { Positives: 0 } or { Negatives: 0 })
        {
            throw new InputException("A threshold needs rows of both classes; give data with both.");
        }

        (float Threshold, ConfusionMatrix Confusion, double Score) best = (0.5f, default, double.NegativeInfinity);
        for (int i = 0; i < curve.Steps.Count; i++)
        {
            float lower = i + 1 < curve.Steps.Count ? curve.Steps[i + 1].Threshold : 0f;
            float upper = i == 0 ? 1f : curve.Steps[i].Threshold;
            if (i == 0 && lower >= 1f)
            {
                // Where 1 itself occurs no threshold up to 1 is above it.
                continue;
            }

            float threshold = i + 1 == curve.Steps.Count ? 0f : Midway(lower, upper);
            double score = objective.Score(curve.Steps[i].Confusion);
            if (score > best.Score || (score == best.Score && Math.Abs(threshold - 0.5f) < Math.Abs(best.Threshold - 0.5f)))
            {
                best = (threshold, curve.Steps[i].Confusion, score);
            }
        }

        return (best.Threshold, best.Confusion);
    }

    /// <summary>A number above <paramref name="lower"/> and at most <paramref name="upper"/>: the middle, where float32 has one.</summary>
    internal static float Midway(float lower, float upper)
    {
        float middle = lower + ((upper - lower) / 2);
        return middle > lower ? middle : upper;
    }
}
