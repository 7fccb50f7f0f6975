using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Which features the decisions rest on.</summary>
internal static class ImportanceSection
{
    private const int Shown = 20;

    internal static Section? Make(ReportFacts facts)
    {
        if (facts.Quality is not { } study)
        {
            return null;
        }

        if (study.Importance.Count == 0)
        {
            return new Section("importance", "Feature importance", HtmlParts.Note($"Left out: to shuffle each of {Html.Count(facts.Model.InputLength)} features several times would run this model more often than a report can wait for."));
        }

        FeatureImportance[] order = [.. study.Importance.OrderByDescending(feature => feature.LogLoss)];
        double most = Math.Max(order[0].LogLoss, 1e-12);
        string table = HtmlParts.Table(
            ["feature", "", "log loss added", "± standard error", "accuracy lost, points"],
            order.Take(Shown).Select(feature => (string[])
            [
                Html.Escape(FeatureNames.Of(facts, feature.Feature)), HtmlParts.Meter(feature.LogLoss / most), Html.Rate(feature.LogLoss), Html.Rate(feature.Error), Html.Points(100 * feature.Accuracy),
            ]),
            texts: 2);
        string more = order.Length > Shown ? $" The {Shown} of {Html.Count(order.Length)} that matter most are shown." : "";
        return new Section("importance", "Feature importance", HtmlParts.Note($"Permutation importance: what the model loses when one feature's values are shuffled among {Html.Count(study.ImportanceRows)} rows, the mean of five shuffles. Below 0 the model did better shuffled, which is noise. A feature near 0 can be left out, unless another carries the same information.{more}") + table);
    }
}
