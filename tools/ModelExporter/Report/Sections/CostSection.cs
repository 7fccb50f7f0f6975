using System.Globalization;
using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>What decisions cost.</summary>
internal static class CostSection
{
    internal static Section? Make(ReportFacts facts)
    {
        if (facts.Quality is not { Costs: { Count: > 0 } costs })
        {
            return null;
        }

        string positive = Html.Escape(facts.Classes[1]);
        IEnumerable<(double X, double Y)> Line(Func<CostPoint, double> of) => costs.Select(point => (Math.Log10(point.Ratio), point.Blind == 0 ? 0 : of(point) / point.Blind));
        var chart = new Chart("Cost of decisions by the ratio of costs", new Axis(-2, 2, "log10 of the cost of a miss over that of a false alarm"), Axis.FromZero(Line(point => Math.Min(point.Own, 2 * point.Blind)).Select(point => point.Y).Append(1), "cost, 1 = without a model"));
        chart.Line([(-2, 1), (2, 1)], "s9 thin dash").Line(Line(point => Math.Min(point.Own, 2 * point.Blind)), "s1").Line(Line(point => point.Least), "s0");
        chart.Legend("s1", "the model's threshold").Legend("s0", "the best threshold");
        string table = HtmlParts.Table(
            ["a miss costs", "best threshold", "cost of a row", "with the model's threshold", "without a model"],
            costs.Select(point => (string[])
            [
                point.Ratio.ToString("0.##", CultureInfo.InvariantCulture) + " false alarms", Html.Rate(point.Threshold), Html.Short(point.Least), Html.Short(point.Own), Html.Short(point.Blind),
            ]));
        return new Section("costs", "Costs", HtmlParts.Note($"A miss is a row of {positive} that is not called so. Costs are in false alarms. Choose a line, and give <code>--threshold auto --objective cost:R</code>; best thresholds are found on these rows, so that their costs flatter a little.")
            + HtmlParts.Grid(HtmlParts.Figure("Cost by ratio", chart.ToSvg(), "Dashed: the better of always and never deciding for " + positive + ".")) + table);
    }
}
