using System.Globalization;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.ModelConverter.Data.Recordings;

/// <summary>The windows of a recording as rows of features.</summary>
/// <param name="Rows">The features of each window.</param>
/// <param name="Labels">The code of each window's label.</param>
/// <param name="Groups">The code of each window's group.</param>
/// <param name="Spans">The samples of each window.</param>
internal sealed record SignalWindows(IReadOnlyList<float[]> Rows, List<int> Labels, int[] Groups, RowSpan[] Spans)
{
    /// <summary>Makes them: a window begins anew with each stretch, and one without a label is left out.</summary>
    /// <exception cref="InputException">There is none.</exception>
    internal static SignalWindows Of(SampleRecording recording, SignalPipeline pipeline)
    {
        var rows = new List<float[]>();
        var labels = new List<int>();
        var groups = new List<int>();
        var spans = new List<RowSpan>();
        for (int stretch = 0; stretch < recording.Stretches.Count; stretch++)
        {
            SampleStretch samples = recording.Stretches[stretch];
            if (samples.Label < 0)
            {
                continue;
            }

            pipeline.Reset();
            for (int i = 0; i < samples.Count; i++)
            {
                if (pipeline.Add(recording[samples.First + i]))
                {
                    float[] features = new float[pipeline.FeatureCount];
                    pipeline.Features(features);
                    rows.Add(features);
                    labels.Add(samples.Label);
                    groups.Add(samples.Group);
                    spans.Add(new RowSpan(stretch, i - pipeline.Length + 1, i));
                }
            }
        }

        CheckRows(recording, pipeline, rows.Count);
        SayCut(recording, pipeline);
        Say(recording, pipeline, rows.Count);
        return new SignalWindows(rows, labels, [.. groups], [.. spans]);
    }

    private static void CheckRows(SampleRecording recording, SignalPipeline pipeline, int rows)
    {
        if (rows == 0)
        {
            SampleStretch longest = recording.Stretches.Where(stretch => stretch.Label >= 0).DefaultIfEmpty().MaxBy(stretch => stretch.Count);
            throw new InputException(longest.Count == 0
                ? $"'{recording.Path}' has no sample with a label; fill the label column or name another with --label."
                : $"'{recording.Path}' has no window of {pipeline.Length} samples: the longest stretch of one label without a gap, from line {longest.Line}, has {longest.Count}; record for longer, or train with a shorter --window.");
        }
    }

    private static void Say(SampleRecording recording, SignalPipeline pipeline, int rows)
    {
        int without = recording.Stretches.Where(stretch => stretch.Label < 0).Sum(stretch => stretch.Count);
        int used = recording.Stretches.Count(stretch => stretch.Label >= 0 && stretch.Count >= pipeline.Length);
        int small = recording.Stretches.Count(stretch => stretch.Label >= 0) - used;
        string[] parts =
        [
            string.Create(CultureInfo.InvariantCulture, $"'{recording.Path}': {recording.Samples} samples of {NameMatch.List(recording.ChannelNames, 4)} become {rows} windows of {pipeline.Length}, one every {pipeline.Hop}, from {used} {(used == 1 ? "stretch" : "stretches")} of one label without a gap"),
            .. small > 0 ? [$"{small} {(small == 1 ? "stretch is" : "stretches are")} shorter than a window and left out"] : Array.Empty<string>(),
            .. recording.Gaps.Missed > 0 ? [$"{recording.Gaps.Missed} missing samples are passed over, at most {SampleRecording.ToleratedMisses} in a row"] : Array.Empty<string>(),
            .. without > 0 ? [$"{without} samples without a label are left out"] : Array.Empty<string>(),
        ];
        Notices.Say(string.Join("; ", parts) + ".");
    }

    // What is beyond the counts is cut on a device too, but should not be: the sensor has more range than was given to it.
    private static void SayCut(SampleRecording recording, SignalPipeline pipeline)
    {
        for (int channel = 0; channel < pipeline.Channels.Count; channel++)
        {
            float size = pipeline.Channels[channel].CountSize;
            int cut = 0;
            float largest = 0;
            for (int sample = 0; sample < recording.Samples; sample++)
            {
                float counts = MathF.Abs(recording[sample][channel] / size);
                cut += counts > short.MaxValue + 0.5f ? 1 : 0;
                largest = MathF.Max(largest, MathF.Abs(recording[sample][channel]));
            }

            if (cut > 0)
            {
                Notices.Say(string.Create(CultureInfo.InvariantCulture, $"'{recording.Path}': {cut} values of '{pipeline.Channels[channel].Name}' are beyond 32,767 counts of {size} and cut there; --count-size {CountSizes.Fitting(largest)} of 'edge train' holds them."));
            }
        }
    }
}
