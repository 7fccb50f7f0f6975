using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Commands.Search;

/// <summary>A candidate in numbers.</summary>
internal sealed record CandidateNumbers(
    string Candidate, string Settings, double Accuracy, double AccuracyError, double BalancedAccuracy, double LogLoss, double? Auc, double? AveragePrecision, int Bytes, double? MillisecondsEsp32, int? RamBytes, double Worse, double WorseError, string? Refused);

/// <summary>A search in numbers, for <c>--json</c>.</summary>
internal sealed record SearchNumbers(CandidateNumbers Chosen, IReadOnlyList<CandidateNumbers> Candidates, IReadOnlyList<string> NotTried, int Folds, double BaselineAccuracy, float? Threshold, string? ThresholdObjective)
{
    internal static SearchNumbers Of(SearchResult found) => new(
        Of(found.Chosen),
        [.. found.Candidates.Select(Of)],
        [.. found.LeftOut.Select(candidate => $"{candidate.Name} ({candidate.Settings})")],
        found.Folds,
        found.BaselineAccuracy,
        found.Threshold,
        found.Objective?.ToString());

    private static CandidateNumbers Of(CandidateResult result) => new(
        result.Candidate.Name, result.Candidate.Settings, result.Score.Accuracy, result.Score.AccuracyError, result.Score.BalancedAccuracy, result.Score.LogLoss, result.Score.Auc, result.Score.AveragePrecision,
        result.Bytes, result.Milliseconds, result.RamBytes, result.ToBest.Mean, result.ToBest.Error, result.Refused);
}
