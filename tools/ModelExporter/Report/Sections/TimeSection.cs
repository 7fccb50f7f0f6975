using System.Globalization;
using System.Runtime.InteropServices;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Where the time goes, as measured on the machine that made the report.</summary>
internal static class TimeSection
{
    internal static Section? Make(ReportFacts facts)
    {
        if (facts.Times is not { } times)
        {
            return null;
        }

        double sum = times.Fast.Sum();
        string table = HtmlParts.Table(
            ["#", "operator", "fast", "share", "", "reference", "times faster"],
            facts.Summary.Operators.Select((row, i) => (string[])
            [
                $"{row.Index}",
                Html.Escape(row.Operator),
                Nanoseconds(times.Fast[i]),
                sum > 0 ? Html.Percent(100 * times.Fast[i] / sum) : "",
                HtmlParts.Meter(sum > 0 ? times.Fast[i] / sum : 0),
                Nanoseconds(times.Reference[i]),
                times.Fast[i] > 0 ? (times.Reference[i] / times.Fast[i]).ToString("0.0", CultureInfo.InvariantCulture) : "",
            ]),
            texts: 2);
        string note = $"Measured on this machine ({Html.Escape(RuntimeInformation.ProcessArchitecture.ToString())}, {Html.Escape(RuntimeInformation.FrameworkDescription)}), one thread, medians. A whole inference takes {Nanoseconds(times.WholeFast)} ({times.WholeRuns} measurements, {Nanoseconds(times.WholeLeast)} to {Nanoseconds(times.WholeMost)}); the sum of its operators, {(times.IsTogether ? "timed within the same inferences" : "each timed alone")}, is {Nanoseconds(sum)}. fast: the best kernels of this processor, {times.FastRuns} measurements of each operator; reference: the scalar kernels, {times.ReferenceRuns}.";
        return new Section("time", "Time by operator", table + HtmlParts.Note(note));
    }

    private static string Nanoseconds(double value) => value switch
    {
        0 => "0",
        >= 1e6 => (value / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " ms",
        >= 1e3 => (value / 1e3).ToString("0.00", CultureInfo.InvariantCulture) + " µs",
        _ => value.ToString("0.0", CultureInfo.InvariantCulture) + " ns",
    };
}
