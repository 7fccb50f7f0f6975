using System.Globalization;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Whether the model is likely to fit a board, and how long it is likely to take there.</summary>
internal static class FitSection
{
    internal static Section Make(ReportFacts facts) => new("fit", "Boards: will it fit? (estimates)", Pis(facts) + Esp32(facts));

    private static string Pis(ReportFacts facts)
    {
        long bytes = (long)facts.Summary.FileBytes + facts.Summary.ArenaBytes;
        string table = HtmlParts.Table(
            ["board", "one core", "model and arena", "of its memory", "time per inference"],
            BoardEstimate.Boards.Select(board => (string[])
            [
                board.Name,
                string.Create(CultureInfo.InvariantCulture, $"{board.Processor}, {board.Gigahertz:0.0} GHz"),
                Html.Count(bytes) + " bytes",
                $"{Share(bytes / (board.Megabytes * 1048576.0))} of {Html.Count(board.Megabytes)} MB",
                "about " + Time(BoardEstimate.Microseconds(board, facts.Model.File, OperatorDefinitions.MultiplyAccumulates)),
            ]),
            texts: 2);
        return table + HtmlParts.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"Estimated, not measured: from clock and vector width with {BoardEstimate.Sustained:0%} sustained, {BoardEstimate.OperatorCycles} cycles per operator and {BoardEstimate.ElementCycles} per element of a function. It may be off by a factor of two to three; measure with <code>edge bench</code> on the board. .NET needs some tens of MB in addition to the model."));
    }

    private static string Esp32(ReportFacts facts)
    {
        if (facts.Summary.Nano is not { } nano)
        {
            return HtmlParts.Note($"ESP32: {Html.Escape(facts.Summary.NanoProblem)}");
        }

        NanoBoard[] boards = facts.Board is { } asked ? [asked] : [NanoBoard.Usual[0], NanoBoard.Usual[1]];
        (string Name, NanoForm? Form)[] all = [("EdgeInference.Nano", nano.Table), ("weights read in chunks", nano.Resource), ("emitted C#", nano.Emitted)];
        IEnumerable<(string Name, NanoForm Form)> forms = all.Where(form => form.Form is not null).Select(form => (form.Name, form.Form!));
        string table = HtmlParts.Table(
            ["board", "form", "RAM", "flash", "time per inference", "fits"],
            boards.SelectMany(board => forms.Select(form => (string[])
            [
                board.Title,
                form.Name,
                $"{Html.Count(form.Form.RamBytes)} of about {Html.Count(board.HeapBytes)}",
                $"{Html.Count(form.Form.FlashBytes)} of {Html.Count(board.DeploymentBytes)}",
                string.Create(CultureInfo.InvariantCulture, $"about {board.Milliseconds(form.Form.Instructions):0.00} ms"),
                board.Fit(form.Form),
            ])),
            texts: 2);
        string warnings = string.Concat(nano.Warnings.Append(nano.NotEmitted).Where(text => text.Length > 0).Select(text => HtmlParts.Note(Html.Escape(text))));
        return table + HtmlParts.Note($"Estimated, not measured: machine instructions of a 32-bit Arm, measured by operator, times the time of one (edge help esp32). RAM is the managed heap without PSRAM; boards with PSRAM have megabytes. {string.Join(' ', boards.Select(board => board.Assumptions).Distinct())}") + warnings;
    }

    private static string Share(double share) => share < 1e-4 ? "under 0.01%" : Html.Percent(100 * share);

    private static string Time(double microseconds) => microseconds >= 1000
        ? (microseconds / 1000).ToString("0.0", CultureInfo.InvariantCulture) + " ms"
        : microseconds.ToString("0.0", CultureInfo.InvariantCulture) + " µs";
}
