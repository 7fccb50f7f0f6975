using EdgeInference.Runtime.Signals;

namespace EdgeInference.ModelConverter.Data.Recordings;

/// <summary>Rows for a model that has a signal pipeline, of a table of samples: its windows. A table that has the features is taken as it is.</summary>
/// <param name="Windows">The windows.</param>
/// <param name="Labels">Their labels; null where no label column was named.</param>
internal sealed record RecordedRows(SignalWindows Windows, CsvLabels? Labels)
{
    /// <summary>Reads a table of samples.</summary>
    /// <param name="file">The table.</param>
    /// <param name="label">Position of the label column, or −1.</param>
    /// <param name="model">What the model takes.</param>
    /// <returns>Null where the model has no pipeline or the table has its features.</returns>
    /// <exception cref="InputException">The table has both, or neither, or is damaged.</exception>
    internal static RecordedRows? Of(CsvFile file, int label, ModelColumns model)
    {
        if (model.Signals is not { } pipeline || !IsSamples(file, label, pipeline))
        {
            return null;
        }

        int[] channels = ColumnMatch.Of(file, label, [.. pipeline.Channels.Select(channel => channel.Name)], pipeline.Channels.Count, RecordingColumns.TimeName);
        var columns = new RecordingColumns(channels, label, RecordingColumns.UsualTime(file, channels, label), -1);
        SampleRecording recording = SampleRecording.Read(file, columns, pipeline.SamplePeriod, leavesOutUnlabelled: false);
        CountSizes.SayRounded(recording, pipeline);
        SignalWindows windows = SignalWindows.Of(recording, pipeline);
        return new RecordedRows(windows, label < 0 ? null : new CsvLabels(file, label, recording.Labels, windows.Labels));
    }

    private static bool IsSamples(CsvFile file, int label, SignalPipeline pipeline)
    {
        if (!file.HasHeader)
        {
            throw new InputException($"'{file.Path}' is read without a header, and the model takes windows of {NameMatch.List([.. pipeline.Channels.Select(channel => channel.Name)], 4)} or their features, which are told by name; add a header line.");
        }

        string[] header = [.. file.Header.Where((_, column) => column != label)];
        var index = new NameIndex(header);
        bool Has(string name) => index.Exact(name) >= 0 || index.Loose(name).Length > 0;
        string[] channels = [.. pipeline.Channels.Select(channel => channel.Name)];
        bool hasSamples = channels.All(Has);
        bool hasFeatures = pipeline.FeatureNames.All(Has);
        if (hasSamples && hasFeatures)
        {
            throw new InputException($"'{file.Path}' has the channels {NameMatch.List(channels, 4)} and the features {NameMatch.List([.. pipeline.FeatureNames], 2)} of the model; delete the columns of one of them, so that it is clear what a row is.");
        }

        if (!hasSamples && !hasFeatures)
        {
            throw new InputException($"'{file.Path}' has the columns {NameMatch.List(header, 6)}; the model takes samples of {NameMatch.List(channels, 4)}, of which it makes windows, or rows of its features {NameMatch.List([.. pipeline.FeatureNames], 2)}; rename the columns to these names.");
        }

        return hasSamples;
    }
}
