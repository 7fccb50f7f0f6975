using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>How much a model needs a feature: what it loses where the feature's values are dealt out to the rows at random.</summary>
/// <param name="Feature">Position of the feature.</param>
/// <param name="LogLoss">Mean rise of the log loss, in nats; about 0 for a feature that the model does without.</param>
/// <param name="Error">Standard error of that mean over the shuffles.</param>
/// <param name="Accuracy">Mean loss of accuracy, 0 to 1.</param>
internal sealed record FeatureImportance(int Feature, double LogLoss, double Error, double Accuracy);

/// <summary>
/// Permutation importance (L. Breiman, "Random forests", Machine Learning 45, 2001, section 10; of any model as A. Fisher, C. Rudin and
/// F. Dominici, "All models are wrong, but many are useful", JMLR 20, 2019, have it). Features that say the same share their importance.
/// </summary>
internal static class PermutationImportance
{
    /// <summary>How often each feature is shuffled.</summary>
    internal const int Shuffles = 5;

    private const ulong Seed = 1;

    /// <summary>The importance of each feature, in their order.</summary>
    /// <param name="rows">Rows; not changed.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="decide">The calibrated probability of the true class for rows, which are these ones, changed, several times one after the other; and whether it is decided for.</param>
    /// <param name="together">How many shuffles it is given at once.</param>
    internal static FeatureImportance[] Of(IReadOnlyList<float[]> rows, int[] labels, Func<IReadOnlyList<float[]>, IReadOnlyList<(float OfTruth, bool IsRight)>> decide, int together = 1)
    {
        (double loss, double accuracy) = Score(decide(rows));
        var result = new FeatureImportance[rows[0].Length];
        (double Loss, double Accuracy)[] scores = [.. Shuffled(rows).Chunk(together).SelectMany(sets => decide([.. sets.SelectMany(set => set)]).Chunk(rows.Count).Select(Score))];
        for (int feature = 0; feature < result.Length; feature++)
        {
            var losses = new double[Shuffles];
            double lost = 0;
            for (int shuffle = 0; shuffle < Shuffles; shuffle++)
            {
                (double worse, double less) = scores[(feature * Shuffles) + shuffle];
                losses[shuffle] = worse - loss;
                lost += (accuracy - less) / Shuffles;
            }

            double mean = losses.Average();
            double error = Math.Sqrt(losses.Sum(value => (value - mean) * (value - mean)) / (Shuffles - 1) / Shuffles);
            result[feature] = new FeatureImportance(feature, mean, error, lost);
        }

        return result;
    }

    // The rows with the values of one feature dealt out, several times for each feature.
    private static IEnumerable<float[][]> Shuffled(IReadOnlyList<float[]> rows)
    {
        for (int feature = 0; feature < rows[0].Length; feature++)
        {
            var random = new Xoshiro256(Seed);
            for (int shuffle = 0; shuffle < Shuffles; shuffle++)
            {
                int[] order = [.. Enumerable.Range(0, rows.Count)];
                random.Shuffle(order);
                float[][] changed = [.. rows.Select(row => (float[])[.. row])];
                for (int i = 0; i < order.Length; i++)
                {
                    changed[i][feature] = rows[order[i]][feature];
                }

                yield return changed;
            }
        }
    }

    private static (double Loss, double Accuracy) Score(IReadOnlyList<(float OfTruth, bool IsRight)> decided) => (
        decided.Average(row => -Math.Log(Math.Clamp((double)row.OfTruth, BinaryMetrics.LogLossClip, 1 - BinaryMetrics.LogLossClip))),
        decided.Average(row => row.IsRight ? 1.0 : 0));
}
