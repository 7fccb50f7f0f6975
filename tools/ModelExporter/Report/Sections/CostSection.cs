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

        string positive = Html.Escape(facts.ClassText(1));
        IEnumerable<(double X, double Y)> Line(Func<CostPoint, double> of) => costs.Select(point => (Math.Log10(point.Ratio), point.Blind == 0 ? 0 : of(point) / point.Blind));
        var chart = new Chart("Cost of decisions by the ratio of costs", new Axis(-2, 2, "cost of a miss, in false alarms (log scale)") { Marks = [(-2, "0.01"), (-1, "0.1"), (0, "1"), (1, "10"), (2, "100")] }, new Axis(0, 2.6, "cost, 1 = without a model"));
        chart.Line([(-2, 1), (2, 1)], "s9 thin dash").Line(Line(point => point.Own <= 2 * point.Blind ? point.Own : double.NaN), "s1").Line(Line(point => point.Least), "s0");
        chart.Legend("s1", "the model's threshold").Legend("s0", "the best threshold");
        string table = HtmlParts.Table(
            ["a miss costs", "best threshold", "cost per row at the best threshold", "at the model's threshold", "without a model"],
            costs.Select(point => (string[])
            [
                point.Ratio.ToString("0.##", CultureInfo.InvariantCulture) + (point.Ratio == 1 ? " false alarm" : " false alarms"), Html.Rate(point.Threshold), Html.Short(point.Least), Html.Short(point.Own), Html.Short(point.Blind),
            ]));
        return new Section("costs", "Cost by threshold", HtmlParts.Note($"A miss is a row of {positive} that is not predicted so (false negative); a false alarm is the opposite (false positive). Costs are in false alarms per row. Find the line with your cost of a miss, and export with <code>--threshold auto --objective cost:R</code>; best thresholds are found on these rows, so their costs are a little too low.")
            + HtmlParts.Grid(HtmlParts.Figure("Cost by ratio", chart.ToSvg(), $"Dashed: always or never predicting {positive}, whichever is cheaper. Costs above twice that are not drawn.")) + table);
    }
}
