using System.Globalization;
using System.Text.Json;
using EdgeInference.Devices;

namespace EdgeDevice;

/// <summary>What a replay comes to, for people and as JSON.</summary>
internal static class ReplayReport
{
    internal static void Print(ReplaySummary summary, TextWriter writer)
    {
        writer.WriteLine($"{summary.Rows} rows, {summary.Loop.Decisions} decisions, {summary.Changes} changes, {summary.Loop.Abstentions} in the abstain band, {summary.Loop.NotFinite} not finite");
        writer.WriteLine($"{summary.Breaks} breaks, {summary.Loop.MissedSamples} missed samples, {summary.Loop.Gaps} windows started again for them");
        if (summary.Labelled == 0)
        {
            return;
        }

        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the model agrees with {summary.Agreeing} of {summary.Labelled} labels ({100.0 * summary.Agreeing / summary.Labelled:0.0} %), before votes and hold:"));
        string[] heads = ["label \\ decided", .. summary.Classes, "none"];
        int first = Math.Max(heads[0].Length, summary.Classes.Max(text => text.Length));
        writer.WriteLine("  " + heads[0].PadRight(first) + string.Concat(heads[1..].Select(head => "  " + head)));
        for (int i = 0; i < summary.Classes.Count; i++)
        {
            IEnumerable<string> counts = summary.Confusion[i].Select((count, column) => "  " + count.ToString(CultureInfo.InvariantCulture).PadLeft(heads[column + 1].Length));
            writer.WriteLine("  " + summary.Classes[i].PadRight(first) + string.Concat(counts));
        }
    }

    internal static void Write(ReplaySummary summary, IEnumerable<ReplayedDecision> changes, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("changes");
        foreach (ReplayedDecision change in changes)
        {
            json.WriteStartObject();
            json.WriteNumber("seconds", change.Time.TotalSeconds);
            json.WriteNumber("line", change.Line);
            json.WriteString("class", change.ClassText);
            if (float.IsFinite(change.Probability) && change.ClassText is not null)
            {
                json.WriteNumber("probability", change.Probability);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("rows", summary.Rows);
        json.WriteNumber("decisions", summary.Loop.Decisions);
        json.WriteNumber("abstentions", summary.Loop.Abstentions);
        json.WriteNumber("not_finite", summary.Loop.NotFinite);
        json.WriteNumber("breaks", summary.Breaks);
        json.WriteNumber("missed_samples", summary.Loop.MissedSamples);
        json.WriteNumber("gaps", summary.Loop.Gaps);
        json.WriteNumber("labelled", summary.Labelled);
        json.WriteNumber("agreeing", summary.Agreeing);
        json.WriteStartArray("classes");
        foreach (string text in summary.Classes)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
        json.WriteStartArray("confusion");
        foreach (IReadOnlyList<long> row in summary.Confusion)
        {
            json.WriteStartArray();
            foreach (long count in row)
            {
                json.WriteNumberValue(count);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
