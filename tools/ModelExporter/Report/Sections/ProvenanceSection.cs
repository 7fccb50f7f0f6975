using EdgeInference.Tool.Report.Charts;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Where the model comes from.</summary>
internal static class ProvenanceSection
{
    internal static Section Make(ReportFacts facts)
    {
        ProvenanceSummary origin = facts.Summary.Contract.Provenance;
        (string Name, string Text)[] known =
        [
            ("source", origin.Source), ("source SHA-256", origin.SourceSha256), ("source written by", origin.SourceProducer), ("written by", origin.Tool), ("options", origin.Options),
            ("rows SHA-256", origin.TrainingRowsSha256), ("file SHA-256", facts.Hash),
        ];
        string held = facts.Summary.Contract.HeldOut is { } scores
            ? HtmlParts.Note($"When it was trained, the model reached an accuracy of {Html.Rate(scores.Accuracy)} ± {Html.Rate(scores.AccuracyError)} and a log loss of {Html.Rate(scores.LogLoss)} on {Html.Count(scores.Rows)} rows that it was not fitted to ({scores.Folds} folds); always the most frequent class: {Html.Rate(scores.Baseline)}.")
            : "";
        return new Section("provenance", "Provenance", held + HtmlParts.Facts(known.Where(fact => fact.Text.Length > 0).Select(fact => (fact.Name, Html.Escape(fact.Text)))));
    }
}
