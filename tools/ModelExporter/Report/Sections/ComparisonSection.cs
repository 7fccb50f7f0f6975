using System.Globalization;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>The model beside another.</summary>
internal static class ComparisonSection
{
    internal static Section? Make(ReportFacts facts)
    {
        if (facts.Comparison is not { } comparison)
        {
            return null;
        }

        string[] Row(string name, Func<Evaluation, double?> of) => [name, Number(of(facts.Evaluation)), Number(of(comparison.Other))];
        string table = HtmlParts.Table(
            ["", "this model", Html.Escape(Path.GetFileName(comparison.OtherName))],
            [
                Row("accuracy", evaluation => evaluation.Accuracy), Row("log loss", evaluation => evaluation.LogLoss), Row("area under ROC", evaluation => evaluation.Auc), Row("Brier score", evaluation => evaluation.Brier),
                ["file bytes", Html.Count(facts.Summary.FileBytes), Html.Count(comparison.OtherBytes)],
                ["rows that only this one predicts correctly", Html.Count(comparison.OnlyThis), Html.Count(comparison.OnlyOther)],
            ]);
        return new Section("comparison", "Comparison with the other model", HtmlParts.Note($"{Html.Escape(comparison.Verdict())} They agree on {Html.Percent(100 * comparison.Agreement)} of the rows.") + table);
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.0000", CultureInfo.InvariantCulture) : "";
}
