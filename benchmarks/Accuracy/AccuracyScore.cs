namespace EdgeInference.Benchmarks.Accuracy;

/// <summary>How well one learner did on one split.</summary>
/// <param name="Accuracy">Share of test rows that are decided for their class.</param>
/// <param name="LogLoss">Mean negative logarithm of the probability of the true class, which is at least 1e-15 there as in scikit-learn.</param>
/// <param name="Seconds">Time of learning and of the test rows.</param>
internal sealed record AccuracyScore(double Accuracy, double LogLoss, double Seconds)
{
    /// <summary>Scores answers.</summary>
    internal static AccuracyScore Of((double[] Probabilities, int Called)[] answers, int[] labels, double seconds)
    {
        int right = 0;
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            right += answers[i].Called == labels[i] ? 1 : 0;
            loss -= Math.Log(Math.Clamp(answers[i].Probabilities[labels[i]], 1e-15, 1));
        }

        return new AccuracyScore((double)right / labels.Length, loss / labels.Length, seconds);
    }

    /// <summary>The means of several.</summary>
    internal static AccuracyScore Mean(IReadOnlyCollection<AccuracyScore> scores) =>
        new(scores.Average(score => score.Accuracy), scores.Average(score => score.LogLoss), scores.Average(score => score.Seconds));
}
