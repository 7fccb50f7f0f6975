using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Report.Charts;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>What the model is.</summary>
internal static class ModelSection
{
    internal static Section Make(ReportFacts facts)
    {
        ModelSummary summary = facts.Summary;
        DecisionMetadata decision = facts.Model.File.Decision;
        byte[] source = SourceHash(facts.Model.File);
        var rows = new List<(string, string)>
        {
            ("name", Html.Escape(summary.Name.Length > 0 ? summary.Name : "none")),
            ("SHA-256 of the file", $"<code>{facts.Hash}</code>"),
            ("SHA-256 of its source", source.Length > 0 ? $"<code>{Convert.ToHexStringLower(source)}</code>" : "not recorded"),
            ("written by", Html.Escape(summary.Contract.Provenance.Tool)),
            ("precision", Html.Escape(summary.Precision)),
            ("classes", Html.Escape(string.Join(", ", facts.Classes))),
            ("inputs", Html.Count(facts.Model.InputLength)),
            ("operators", $"{Html.Count(summary.Operators.Count)}: {Html.Escape(string.Join(", ", summary.Operators.CountBy(row => row.Operator).Select(pair => pair.Value == 1 ? pair.Key : $"{pair.Value} {pair.Key}")))}"),
            ("file", Html.Count(summary.FileBytes) + " bytes"),
            ("constants", Html.Count(summary.ConstantBytes) + " bytes"),
            ("arena", Html.Count(summary.ArenaBytes) + " bytes"),
            ("multiply-accumulates", Html.Count(summary.MultiplyAccumulates)),
            ("self-test vectors", Html.Count(summary.SelfTestVectors)),
        };
        if (facts.IsBinary)
        {
            rows.Add(("threshold", Html.Exact(decision.Threshold)));
        }

        rows.Add(("probabilities calibrated by", decision.Calibration is { } calibration ? calibration.Method.ToString() : "nothing"));
        if (decision.AbstainHigh > decision.AbstainLow)
        {
            int abstained = facts.Probabilities.Count(output => decision.Abstains(facts.IsBinary ? output[^1] : output.Max()));
            rows.Add(("no decision", string.Create(CultureInfo.InvariantCulture, $"from {decision.AbstainLow:0.####} to below {decision.AbstainHigh:0.####}: {Html.Count(abstained)} of {Html.Count(facts.Table.Rows.Count)} rows; the figures of this page include a decision for them")));
        }

        return new Section("model", "The model", HtmlParts.Facts(rows));
    }

    private static byte[] SourceHash(ModelFile file) => file.Metadata.PayloadOffset(MetadataKey.SourceHash) < 0
        ? []
        : file.Bytes.Memory.Slice(file.Metadata.PayloadOffset(MetadataKey.SourceHash), file.Metadata.PayloadLength(MetadataKey.SourceHash)).ToArray();
}
