using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>How well a classifier of several classes decides: numbers, the confusion matrix, each class against the rest.</summary>
internal static class MulticlassQualitySection
{
    // Names longer than a number of two digits stand upright above more columns than these.
    private const int MostAbreast = 4;
    private const int ShortName = 3;

    internal static Section Make(ReportFacts facts)
    {
        var metrics = MulticlassMetrics.Of(facts.Table.Labels, facts.Probabilities, facts.Evaluation.Called);
        BinaryMetrics[] rest = [.. Enumerable.Range(0, facts.Classes.Count).Select(c => BinaryMetrics.Of(
            Array.ConvertAll(facts.Table.Labels, label => label == c ? 1 : 0), Array.ConvertAll(facts.Probabilities, output => output[c])))];
        string body = HtmlParts.Tiles(
        [
            ("accuracy", Html.Rate(facts.Evaluation.Accuracy), "accuracy"),
            ("log loss", Html.Rate(facts.Evaluation.LogLoss!.Value), "log-loss"),
            ("macro F1", Html.Rate(metrics.MacroF1), "macro-f1"),
            ("mean area under ROC", Html.Rate(rest.Where(m => !double.IsNaN(m.AreaUnderRoc)).Select(m => m.AreaUnderRoc).DefaultIfEmpty(double.NaN).Average()), "auc"),
        ]);
        return new Section("quality", "Decisions", body + IntervalNote.Baseline(facts) + IntervalNote.Of(facts.Quality) + HtmlParts.Grid(Matrix(facts, metrics), Roc(facts, rest)) + Classes(facts, metrics, rest));
    }

    private static string Matrix(ReportFacts facts, MulticlassMetrics metrics)
    {
        bool isLong = facts.Classes.Count > MostAbreast && facts.Classes.Any(name => name.Length > ShortName);
        var html = new StringBuilder(HtmlParts.Scroll("confusion matrix")).Append(CultureInfo.InvariantCulture, $"<table class=\"matrix small{(isLong ? " long" : "")}\"><thead><tr><td></td>");
        html.AppendJoin("", facts.Classes.Select(name => $"<th scope=\"col\"><span>{Html.Escape(name)}</span></th>")).Append("</tr></thead><tbody>\n");
        for (int row = 0; row < facts.Classes.Count; row++)
        {
            int support = metrics.Classes[row].Support;
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Html.Escape(facts.Classes[row])}</th>");
            for (int column = 0; column < facts.Classes.Count; column++)
            {
                int count = metrics.Confusion[row][column];
                html.Append(CultureInfo.InvariantCulture, $"<td class=\"cell {(row == column ? "good" : "bad")}\" style=\"--share:{(count == 0 ? 0 : Math.Max(0.001, (double)count / support)):0.###}\">{(count == 0 ? "·" : count)}</td>");
            }

            html.Append("</tr>\n");
        }

        return HtmlParts.Figure("Confusion matrix", html.Append("</tbody></table></div>\n").ToString(), "Rows: actual class. Columns: predicted class. A dot is 0 rows. The shade is the share of the row; blue is correct, orange is not.");
    }

    private static string Roc(ReportFacts facts, BinaryMetrics[] rest)
    {
        var chart = new Chart("ROC curve of each class against the rest", Axis.Unit("false positive rate"), Axis.Unit("true positive rate"));
        chart.Line([(0, 0), (1, 1)], "s9 thin dash");
        for (int c = 0; c < rest.Length; c++)
        {
            chart.Line(rest[c].RocCurve.Select(point => (point.X, point.Y)), $"s{c % ChartStyle.Series} thin");
            if (rest.Length <= ChartStyle.Series)
            {
                chart.Legend($"s{rest.Length - 1 - c}", facts.Classes[^(c + 1)], bottom: true);
            }
        }

        return HtmlParts.Figure("ROC, each class against the rest", chart.ToSvg(), "All rows ranked by the probability of the class. Areas are in the table below.");
    }

    private static string Classes(ReportFacts facts, MulticlassMetrics metrics, BinaryMetrics[] rest) => HtmlParts.Table(
        ["class", "rows", "precision", "recall", "F1", "area under ROC"],
        metrics.Classes.Select((c, i) => (string[])[Html.Escape(facts.Classes[i]), Html.Count(c.Support), Html.Rate(c.Precision), Html.Rate(c.Recall), Html.Rate(c.F1), Html.Rate(rest[i].AreaUnderRoc)]));
}
