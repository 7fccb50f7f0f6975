using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelTraining;
using EdgeInference.Tool.Execution;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Report;

/// <summary>A precision in numbers.</summary>
internal sealed record PrecisionNumbers(string Name, int Bytes, double Accuracy, double? LogLoss, double? Agreement, double? WorstDeviation, double Decibels);

/// <summary>An importance in numbers.</summary>
internal sealed record ImportanceNumbers(string Feature, double LogLoss, double Error, double Accuracy);

/// <summary>A reason in numbers.</summary>
internal sealed record ReasonNumbers(string Feature, float Value, float Usual, string? Category, string? UsualCategory, double Rise);

/// <summary>A mistake in numbers.</summary>
internal sealed record MistakeNumbers(int Row, string Is, string? Called, float Probability, IReadOnlyList<ReasonNumbers> Reasons);

/// <summary>A drift in numbers.</summary>
internal sealed record DriftNumbers(string Feature, double Shift, double Spread, double Outside, double Missing, double? MissingInTraining, double Mix, bool IsNotable);

/// <summary>Every number of a report, for <c>edge report --json</c>.</summary>
internal sealed record ReportNumbers(
    string Output,
    int Characters,
    string FileSha256,
    ModelSummary Model,
    Evaluation Evaluation,
    ConfidenceInterval? AccuracyInterval,
    ConfidenceInterval? LogLossInterval,
    ConfidenceInterval? AucInterval,
    IReadOnlyList<ImportanceNumbers> Importance,
    int MistakeCount,
    IReadOnlyList<MistakeNumbers> Mistakes,
    IReadOnlyList<CostPoint> Costs,
    IReadOnlyList<DriftNumbers> Drift,
    ModelComparison? Comparison,
    IReadOnlyList<PrecisionNumbers> Precisions,
    IReadOnlyList<TrainingProgress> History,
    OperatorTimes? Times)
{
    internal static ReportNumbers Of(ReportFacts facts, string output, int characters)
    {
        QualityStudy? study = facts.Quality;
        string Name(int feature) => FeatureNames.Of(facts, feature);
        return new ReportNumbers(
            output,
            characters,
            facts.Hash,
            facts.Summary,
            facts.Evaluation,
            study?.Accuracy,
            study?.LogLoss,
            study?.Area,
            [.. (study?.Importance ?? []).Select(feature => new ImportanceNumbers(Name(feature.Feature), feature.LogLoss, feature.Error, feature.Accuracy))],
            study?.MistakeCount ?? 0,
            [.. (study?.Mistakes ?? []).Select(mistake => new MistakeNumbers(
                mistake.Row, facts.Classes[mistake.True], mistake.Called < 0 ? null : facts.Classes[mistake.Called], mistake.Probability,
                [.. mistake.Reasons.Select(reason => new ReasonNumbers(
                    Name(reason.Feature), reason.Value, reason.Usual, FeatureNames.Category(facts, reason.Feature, reason.Value), FeatureNames.Category(facts, reason.Feature, reason.Usual), reason.Rise))]))],
            study?.Costs ?? [],
            [.. (study?.Drift ?? []).Select(drift => new DriftNumbers(Name(drift.Feature), drift.Shift, drift.Spread, drift.Outside, drift.Missing, drift.MissingInTraining, drift.Mix, drift.IsNotable))],
            facts.Comparison,
            [.. (facts.Precisions?.Variants ?? []).Select(variant => new PrecisionNumbers(
                variant.Name, variant.Bytes, variant.Evaluation.Accuracy, variant.Evaluation.LogLoss, variant.Evaluation.Agreement, variant.Evaluation.WorstDeviation, variant.Decibels))],
            facts.History ?? [],
            facts.Times);
    }
}
