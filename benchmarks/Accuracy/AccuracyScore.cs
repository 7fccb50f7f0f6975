namespace EdgeInference.Benchmarks.Accuracy;

/// <summary>How well one learner did on one split.</summary>
/// <param name="Accuracy">Share of test rows whose most probable class is theirs.</param>
/// <param name="LogLoss">Mean negative logarithm of the probability of the true class, which is at least 1e-15 there as in scikit-learn.</param>
/// <param name="Seconds">Time of learning and of the test rows.</param>
internal sealed record AccuracyScore(double Accuracy, double LogLoss, double Seconds)
{
    /// <summary>Scores probabilities.</summary>
    internal static AccuracyScore Of(double[][] probabilities, int[] labels, double seconds)
    {
        int right = 0;
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            right += Array.IndexOf(probabilities[i], probabilities[i].Max()) == labels[i] ? 1 : 0;
            loss -= Math.Log(Math.Clamp(probabilities[i][labels[i]], 1e-15, 1));
        }

        return new AccuracyScore((double)right / labels.Length, loss / labels.Length, seconds);
    }

    /// <summary>The means of several.</summary>
    internal static AccuracyScore Mean(IReadOnlyCollection<AccuracyScore> scores) =>
        new(scores.Average(score => score.Accuracy), scores.Average(score => score.LogLoss), scores.Average(score => score.Seconds));
}
