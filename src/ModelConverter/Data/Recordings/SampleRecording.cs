namespace EdgeInference.ModelConverter.Data.Recordings;

/// <summary>A recording of a sensor: samples, and the stretches in which they follow one another.</summary>
internal sealed class SampleRecording
{
    /// <summary>Samples in a row that may be missing within a stretch: as many as a device's loop leaves out before its window starts anew.</summary>
    internal const int ToleratedMisses = 2;

    private readonly float[] values;

    private SampleRecording(CsvFile file, RecordingColumns columns, RecordingRows rows, float period)
    {
        Path = file.Path;
        ChannelNames = [.. columns.Channels.Select(column => file.Header[column])];
        values = rows.Values;
        Labels = rows.Labels;
        int[] groups = rows.Groups?.Codes() ?? [];
        var gaps = new RecordingGaps(file.Path, columns.Time < 0 ? "" : file.Header[columns.Time], rows.Times?.Seconds() ?? [], period);
        var stretches = new List<SampleStretch>();
        for (int row = 0, sample = 0; row < rows.Lines.Count; row++)
        {
            if (!rows.HasValues[row])
            {
                continue;
            }

            int label = rows.Codes[row];
            int group = groups.Length > 0 ? groups[row] : 0;
            bool goesOn = row > 0 && rows.HasValues[row - 1] && !gaps.IsBefore(row) && stretches[^1].Label == label && stretches[^1].Group == group;
            if (goesOn)
            {
                stretches[^1] = stretches[^1] with { Count = stretches[^1].Count + 1 };
            }
            else
            {
                stretches.Add(new SampleStretch(sample, 1, label, group, rows.Lines[row]));
            }

            sample++;
        }

        gaps.Check();
        Stretches = stretches;
        Gaps = gaps;
    }

    /// <summary>The file.</summary>
    internal string Path { get; }

    /// <summary>A name for each value of a sample.</summary>
    internal string[] ChannelNames { get; }

    /// <summary>The stretches, in the order of the file.</summary>
    internal IReadOnlyList<SampleStretch> Stretches { get; }

    /// <summary>The different texts of the labels.</summary>
    internal TextIndex Labels { get; }

    /// <summary>What the times say.</summary>
    internal RecordingGaps Gaps { get; }

    /// <summary>Number of samples.</summary>
    internal int Samples => values.Length / ChannelNames.Length;

    /// <summary>A sample's values.</summary>
    internal ReadOnlySpan<float> this[int sample] => values.AsSpan(sample * ChannelNames.Length, ChannelNames.Length);

    /// <summary>Reads a recording.</summary>
    /// <param name="file">The table.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="period">Seconds between samples; 0 to take the difference that most times have.</param>
    /// <param name="leavesOutUnlabelled">Whether samples without a label are left out; else they are refused.</param>
    /// <exception cref="InputException">A cell is not what its column needs, or the times are not those of the period.</exception>
    internal static SampleRecording Read(CsvFile file, RecordingColumns columns, float period, bool leavesOutUnlabelled)
    {
        var rows = new RecordingRows(file, columns, leavesOutUnlabelled);
        rows.Read();
        return new SampleRecording(file, columns, rows, period);
    }
}
