using EdgeInference.Tool.Adaptation;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>What the model learned from rows one after the other, where <c>edge adapt</c> made it learn.</summary>
internal static class LearningSection
{
    internal static Section? Make(ReportFacts facts)
    {
        if (facts.Learning is not { } curve)
        {
            return null;
        }

        string tried = curve.IsHeldOut ? $"{Html.Count(curve.Points[0].Rows)} rows that it did not learn" : "the rows not yet learned";
        string added = curve.Added.Count == 0 ? "" : $" Added {(curve.Added.Count == 1 ? "class" : "classes")}: {Html.Escape(string.Join(", ", curve.Added.Select(one => one.Text)))}.";
        string verdict = Html.Escape(curve.Reason ?? "What was learned decides.");
        string note = HtmlParts.Note($"Learned row by row, as a device would learn it, to the bit.{added} {verdict} The other sections are of the model as the factory made it.");
        string table = HtmlParts.Table(
            ["samples", "rows", "factory", "adapted", $"self-test right, of {Html.Count(curve.SelfTestSamples)}", "logit change"],
            curve.Points.Select(point => (IReadOnlyList<string>)
            [
                Html.Count(point.Samples), Html.Count(point.Rows), Rate(point.Factory), Rate(point.Adapted),
                $"{Html.Count(point.SelfTestAdapted)} (factory {Html.Count(point.SelfTestFactory)})", Html.Short(point.LogitChange),
            ]),
            texts: 0);
        return new Section("learning", "Learning on the device", note + HtmlParts.Grid(
            HtmlParts.Figure("Accuracy by samples learned", Accuracy(curve), $"Accuracy on {tried}; each row decided just before it was learned: factory {Html.Rate(curve.FirstFactory)}, adapted {Html.Rate(curve.FirstAdapted)}."),
            HtmlParts.Figure("Change of logits", Change(curve), $"The greatest change of a logit on these rows. Whatever is learned, it is {Html.Short(curve.MaxLogitChange)} at most.")) + table);
    }

    private static string Accuracy(LearningCurve curve)
    {
        LearningPoint[] known = [.. curve.Points.Where(point => point.Adapted is not null)];
        var chart = new Chart("Accuracy of both heads by samples learned", Samples(curve), new Axis(Low(known), 1, "accuracy"));
        chart.Line(known.Select(point => (X(point), point.Factory!.Value)), "s1 dash").Legend("s1", "factory", bottom: true);
        chart.Line(known.Select(point => (X(point), point.Adapted!.Value)), "s0").Dots(known.Select(point => (X(point), point.Adapted!.Value)), "s0").Legend("s0", "adapted", bottom: true);
        return chart.ToSvg();
    }

    private static string Change(LearningCurve curve)
    {
        var chart = new Chart("Greatest change of a logit by samples learned", Samples(curve), Axis.FromZero(curve.Points.Select(point => point.LogitChange), "change of a logit"));
        chart.Line(curve.Points.Select(point => (X(point), point.LogitChange)), "s2").Dots(curve.Points.Select(point => (X(point), point.LogitChange)), "s2");
        return chart.ToSvg();
    }

    // As much of 0 to 1 as the lines need, in tenths.
    private static double Low(LearningPoint[] known) =>
        Math.Max(0, Math.Floor(10 * known.Select(point => Math.Min(point.Factory!.Value, point.Adapted!.Value)).DefaultIfEmpty(0).Min()) - 1) / 10;

    // The first samples count most: an axis of logarithms, moved by one so that none has its place.
    private static Axis Samples(LearningCurve curve)
    {
        int last = curve.Points[^1].Samples;
        int[] places = [.. curve.Points.Select(point => point.Samples).Where(samples => samples is 0 or 1 || samples == last || samples.ToString(System.Globalization.CultureInfo.InvariantCulture) is ['1', ..] or ['5', ..])];
        return new Axis(0, X(Math.Max(1, last)), "samples learned") { Marks = [.. places.Where(place => place == 0 || place == last || X(last) - X(place) > 0.12 * X(last)).Select(place => (X(place), Html.Count(place)))] };
    }

    private static double X(LearningPoint point) => X(point.Samples);

    private static double X(int samples) => Math.Log10(1 + samples);

    private static string Rate(double? value) => value is { } rate ? Html.Rate(rate) : "";
}
