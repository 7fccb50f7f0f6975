using System.Globalization;
using EdgeInference.Tool.Adaptation;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary>What <c>edge adapt</c> says.</summary>
internal static class AdaptPrinter
{
    /// <summary>Prints what was learned from labelled rows.</summary>
    internal static void Print(LearningCurve curve, AdaptInputs inputs, string? output, int bytes, string? report, bool json)
    {
        if (json)
        {
            JsonOutput.Print(new { Output = output, StateBytes = bytes, Report = report, curve.IsHeldOut, curve.Skipped, curve.Points, BeforeLearned = new { Factory = curve.FirstFactory, Adapted = curve.FirstAdapted }, curve.SelfTestSamples, curve.MaxLogitChange, AddedClasses = curve.Added, IsAdapted = curve.Reason is null, curve.Reason });
            return;
        }

        Say($"Learned from '{inputs.Data}' row by row, as a device would; accuracy is of {(curve.IsHeldOut ? $"the {curve.Points[0].Rows} rows of '{inputs.Test}'" : "the rows not yet learned")}.");
        var table = new Spectre.Console.Table { Border = Terminal.Border };
        table.AddColumns("samples", "rows", "factory", "adapted", $"self-test, of {Text(curve.SelfTestSamples)}", "logit change", "decides");
        foreach (LearningPoint point in curve.Points)
        {
            table.AddRow(
                Text(point.Samples), Text(point.Rows), Share(point.Factory), Share(point.Adapted), $"{Text(point.SelfTestFactory)}, {Text(point.SelfTestAdapted)}",
                point.LogitChange.ToString("0.00", CultureInfo.InvariantCulture), point.IsAdapted ? "adapted" : "factory");
        }

        Terminal.Console.Write(table);
        Say($"Each row decided just before it was learned: factory {curve.FirstFactory:0.0000}, adapted {curve.FirstAdapted:0.0000}.");
        Say($"The greatest change of a logit on these rows is {curve.Points[^1].LogitChange:0.00}; whatever is learned, it is {curve.MaxLogitChange:0.##} at most.");
        if (curve.Added.Count > 0)
        {
            Say($"Added {(curve.Added.Count == 1 ? "class" : "classes")}: {string.Join(", ", curve.Added.Select(added => $"'{added.Text}' ({Rows(added.Rows)})"))}.");
        }

        SaySkipped(curve.Skipped);
        Say($"{curve.Reason ?? "What was learned decides."}");
        SayWritten(output, bytes);
        if (report is not null)
        {
            Say($"Wrote {report}.");
        }
    }

    /// <summary>Prints what was learned from normal rows.</summary>
    internal static void Print(NormalRun run, AdaptInputs inputs, string? output, int bytes, bool json)
    {
        if (json)
        {
            JsonOutput.Print(new { Output = output, StateBytes = bytes, run.Samples, run.Skipped, run.Threshold, run.Groups });
            return;
        }

        Say($"Learned {Rows(run.Samples)} of '{inputs.Data}' as normal; {(run.Threshold > 0 ? string.Create(CultureInfo.InvariantCulture, $"an input is an anomaly from a score of {run.Threshold:0.00} on") : "too few for a threshold yet")}.");
        var table = new Spectre.Console.Table { Border = Terminal.Border };
        table.AddColumns("rows of", "rows", "anomalies", "share", "median score");
        foreach (AnomalyGroup group in run.Groups)
        {
            table.AddRow(Markup.Escape(group.Group), Text(group.Rows), Text(group.Anomalies), Share((double)group.Anomalies / group.Rows), group.Median.ToString("0.00", CultureInfo.InvariantCulture));
        }

        Terminal.Console.Write(table);
        SaySkipped(run.Skipped);
        SayWritten(output, bytes);
    }

    private static void SaySkipped(int skipped)
    {
        if (skipped > 0)
        {
            Say($"{Rows(skipped)} not learned, since a value is not finite.");
        }
    }

    private static void SayWritten(string? output, int bytes) =>
        Say(output is null ? (FormattableString)$"Nothing was written; -o FILE.edgestate keeps what was learned." : $"Wrote {output}: {bytes:N0} bytes.");

    private static string Rows(int count) => count == 1 ? "1 row" : $"{Text(count)} rows";

    private static string Share(double? value) => value is { } share ? share.ToString("0.0000", CultureInfo.InvariantCulture) : "";

    private static string Text(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static void Say(FormattableString line) => Terminal.Notes.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
