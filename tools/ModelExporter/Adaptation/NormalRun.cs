using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Tool.Adaptation;

/// <summary>What a model learned of normal samples.</summary>
/// <param name="Samples">Normal samples that were learned in this run.</param>
/// <param name="Skipped">Rows that were not learned since a value is not finite.</param>
/// <param name="Threshold">The score from which on an input is an anomaly; 0 before enough are known.</param>
/// <param name="Groups">Of each group of rows how many are anomalies.</param>
internal sealed record NormalRun(int Samples, int Skipped, float Threshold, IReadOnlyList<AnomalyGroup> Groups)
{
    /// <summary>Learns rows that are all normal, and counts anomalies.</summary>
    /// <param name="learner">What learns.</param>
    /// <param name="rows">Normal rows.</param>
    /// <param name="tried">Rows to count anomalies in, each with the name of its group.</param>
    /// <param name="share">Receives the fraction done.</param>
    internal static NormalRun Of(AdaptiveClassifier learner, IReadOnlyList<float[]> rows, IReadOnlyList<(string Group, float[] Row)> tried, IProgress<double> share)
    {
        int skipped = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            skipped += learner.LearnNormal(rows[i]) ? 0 : 1;
            share.Report((i + 1.0) / rows.Count);
        }

        AnomalyGroup[] groups =
        [
            .. tried.GroupBy(pair => pair.Group).Select(group =>
            {
                float[] scores = [.. group.Select(pair => Score(learner, pair.Row)).Order()];
                return new AnomalyGroup(group.Key, scores.Length, learner.AnomalyThreshold > 0 ? scores.Count(score => score >= learner.AnomalyThreshold) : 0, scores[scores.Length / 2]);
            }),
        ];
        return new NormalRun(rows.Count - skipped, skipped, learner.AnomalyThreshold, groups);
    }

    private static float Score(AdaptiveClassifier learner, float[] row)
    {
        _ = learner.Classify(row);
        return learner.AnomalyScore;
    }
}

/// <summary>How many rows of a group are anomalies.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Anomalies">Those that are anomalies.</param>
/// <param name="Median">The median of their scores.</param>
internal sealed record AnomalyGroup(string Group, int Rows, int Anomalies, float Median);
