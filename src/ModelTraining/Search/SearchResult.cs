using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.ModelTraining.Search;

/// <summary>What a search found.</summary>
/// <param name="Table">The rows.</param>
/// <param name="Chosen">The candidate that was chosen.</param>
/// <param name="Best">The candidate with the least loss.</param>
/// <param name="Candidates">All that were tried, the best first.</param>
/// <param name="LeftOut">Candidates that the budget of work left out.</param>
/// <param name="Folds">Divisions of the rows.</param>
/// <param name="Fitted">The chosen candidate, fitted to all rows.</param>
/// <param name="BaselineAccuracy">Accuracy of always deciding for the most frequent class.</param>
internal sealed record SearchResult(
    LabelledTable Table, CandidateResult Chosen, CandidateResult Best, IReadOnlyList<CandidateResult> Candidates, IReadOnlyList<Candidate> LeftOut, int Folds, IFittedClassifier Fitted, double BaselineAccuracy)
{
    /// <summary>The threshold on the calibrated probability of class 1 that was tuned out of fold; null where 0.5 is as good or there are several classes.</summary>
    public float? Threshold { get; init; }

    /// <summary>What <see cref="Threshold"/> was tuned for.</summary>
    public ThresholdObjective? Objective { get; init; }
}
