using EdgeInference.Tool.Report.Charts;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>What each byte of the file and of the memory is for.</summary>
internal static class BytesSection
{
    private static readonly Dictionary<string, string> purposes = new(StringComparer.Ordinal)
    {
        ["header and section table"] = "format version, checksum, where each part begins",
        ["tensors"] = "type, shape and place of each tensor",
        ["operators"] = "what is computed, in order",
        ["contract"] = "classes, threshold, what inputs and outputs mean",
        ["feature names and units"] = "the columns of a table",
        ["provenance"] = "where the model comes from, statistics of its training rows",
        ["tensor names"] = "names for this report",
        ["self-test vectors"] = "inputs with their right outputs, which a device checks",
        ["weights"] = "constants of the layers",
        ["biases"] = "constants of the layers",
        ["requantization"] = "multipliers that bring integer sums back to int8 or int16",
        ["tables"] = "functions of integers, one entry a value",
        ["scaling of inputs"] = "from real inputs to integers",
        ["trees"] = "the nodes and leaves of the trees",
        ["padding"] = "so that constants are used in place, aligned",
    };

    internal static Section Make(ReportFacts facts)
    {
        ModelSummary summary = facts.Summary;
        string[] Row(string part, int bytes, string purpose) =>
            [Html.Escape(part), HtmlParts.Meter((double)bytes / summary.FileBytes), purpose, Html.Count(bytes), Html.Percent(100.0 * bytes / summary.FileBytes)];
        string table = HtmlParts.Table(
            ["part of the file", "", "what it is for", "bytes", "share"],
            summary.FileParts.OrderByDescending(part => part.Bytes).Select(part => Row(part.Part, part.Bytes, purposes.GetValueOrDefault(part.Part, "")))
                .Append(["<b>file</b>", "", "", $"<b>{Html.Count(summary.FileBytes)}</b>", ""]),
            texts: 3);
        string session = summary.Runtime is { } runtime
            ? $" On a PC or a Raspberry Pi a session takes {Html.Count(runtime.SessionBytes)} bytes with the arena in it, and weights packed for this machine's instructions take {Html.Count(runtime.PackedBytes)} bytes, once for all sessions."
            : "";
        string note = HtmlParts.Note(
            $"The file goes to flash or disk. <code>edge export --strip</code> and <code>edge train --strip</code> leave out names, provenance and self-test vectors. RAM while it runs: the arena, {Html.Count(summary.ArenaBytes)} bytes, which the tensors of an inference share ({(summary.ArenaBytes > 0 ? HtmlParts.Link("arena", "which bytes hold what") : "none")}).{session} What boards need in all, with the engine: {HtmlParts.Link("fit", "boards")}.");
        return new Section("bytes", "Bytes: flash and RAM", table + note);
    }
}
