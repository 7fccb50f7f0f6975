using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Whether probabilities are what they say: the reliability diagram.</summary>
internal static class CalibrationSection
{
    internal static Section Make(ReportFacts facts)
    {
        float[] probabilities = facts.IsBinary ? facts.Positive : Array.ConvertAll(facts.Probabilities, output => output.Max());
        bool[] happened = [.. facts.Table.Labels.Select((label, i) => facts.IsBinary ? label == 1 : Array.IndexOf(facts.Probabilities[i], probabilities[i]) == label)];
        ReliabilityBin[] bins = ReliabilityBin.Of(probabilities, happened);
        string what = facts.IsBinary ? $"probability of {facts.ClassText(1)}" : "probability of the predicted class";
        var chart = new Chart("Reliability diagram", Axis.Unit(what), Axis.Unit(facts.IsBinary ? $"share of {facts.ClassText(1)}" : "share predicted correctly"));
        int most = bins.Max(bin => bin.Rows);
        for (int i = 0; i < bins.Length; i++)
        {
            chart.Box((i + 0.08) / bins.Length, (i + 0.92) / bins.Length, 0, 0.25 * bins[i].Rows / most, "bar s9", $"{bins[i].Rows} rows");
        }

        (double, double)[] points = [.. bins.Where(bin => bin.Rows > 0).Select(bin => (bin.MeanProbability, bin.Share))];
        chart.Line([(0, 0), (1, 1)], "s9 thin dash").Line(points, "s0").Dots(points, "s0", 4);
        string table = HtmlParts.Table(
            ["probability", "rows", "mean probability", facts.IsBinary ? $"share of {Html.Escape(facts.ClassText(1))}" : "share correct"],
            bins.Select((bin, i) => (string[])[$"{i / 10.0:0.0} to {(i + 1) / 10.0:0.0}", Html.Count(bin.Rows), bin.Rows == 0 ? "" : Html.Rate(bin.MeanProbability), bin.Rows == 0 ? "" : Html.Rate(bin.Share)]));
        string caption = $"On the dashed line the model is calibrated; below it probabilities are too high, above it too low. Grey: rows per bin. Expected calibration error {Html.Rate(ReliabilityBin.ExpectedCalibrationError(bins))}; bins with few rows are unreliable.";
        return new Section("calibration", "Calibration", HtmlParts.Grid(HtmlParts.Figure("Reliability", chart.ToSvg(), caption), $"<figure><h3>Bins</h3>{table}</figure>\n"));
    }
}
