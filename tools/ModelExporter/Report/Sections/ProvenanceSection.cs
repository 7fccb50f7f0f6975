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
        return new Section("provenance", "Provenance", HtmlParts.Facts(known.Where(fact => fact.Text.Length > 0).Select(fact => (fact.Name, Html.Escape(fact.Text)))));
    }
}
