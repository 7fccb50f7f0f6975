using System.Globalization;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.ModelConverter.Data.Recordings;

/// <summary>A table to train on, made of a recording of samples by a signal pipeline.</summary>
/// <param name="Table">A row for each window.</param>
/// <param name="Settings">The pipeline.</param>
internal sealed record SignalTable(LabelledTable Table, SignalSettings Settings)
{
    // A signal that has never fallen in so many samples is no signal.
    private const int FewSamples = 20;

    /// <summary>Reads a recording.</summary>
    /// <param name="path">The file; - for standard input.</param>
    /// <param name="label">Its label column.</param>
    /// <param name="format">How the file is written, as far as it is known.</param>
    /// <param name="choice">What is known of its columns: all that are not named are channels.</param>
    /// <param name="draft">The pipeline, but for its channels; a period of 0 is that of the times.</param>
    /// <param name="countSizes">One size of a count for all channels or one for each; null where samples are counts.</param>
    /// <exception cref="InputException">The file is missing or damaged, or something of it can be understood in two ways.</exception>
    internal static SignalTable Read(string path, string label, CsvOptions format, ColumnChoice choice, SignalSettings draft, IReadOnlyList<float>? countSizes)
    {
        CsvFile file = CsvFile.Open(path, format, label);
        if (!file.HasHeader)
        {
            throw new InputException($"'{path}' has no header, and the features of --signals are named by the channels' columns; add a line with their names.");
        }

        choice.Check(file, label);
        SampleRecording recording = Recorded(file, file.LabelColumn(label), choice, draft.SamplePeriod);
        if (draft.SamplePeriod == 0)
        {
            Notices.Say(string.Create(CultureInfo.InvariantCulture, $"'{path}': a sample comes every {recording.Gaps.Period} s, by its times."));
        }

        CheckSignals(recording, choice);
        SignalSettings settings = draft with { SamplePeriod = recording.Gaps.Period, Channels = CountSizes.Channels(recording, countSizes) };
        SignalPipeline pipeline;
        try
        {
            pipeline = new SignalPipeline(settings);
        }
        catch (ArgumentException exception)
        {
            throw new InputException(Sentence(exception), exception);
        }

        SignalWindows windows = SignalWindows.Of(recording, pipeline);
        var labels = new CsvLabels(file, file.LabelColumn(label), recording.Labels, windows.Labels);
        string[] classes = CsvTable.Classes(labels, path, label);
        var index = new NameIndex(classes);
        int[] rows = labels.Rows(Array.ConvertAll(labels.Distinct, index.Exact));
        int without = Array.FindIndex(classes, text => !rows.Contains(index.Exact(text)));
        if (without >= 0)
        {
            throw new InputException($"'{path}': no stretch of the label '{classes[without]}' without a gap has the {settings.Length} samples of a window; record it for longer, take a shorter --window, or delete its rows.");
        }

        return new SignalTable(
            new LabelledTable(pipeline.FeatureNames, windows.Rows, rows, classes) { Groups = choice.Group is null ? null : windows.Groups, Spans = windows.Spans },
            settings);
    }

    private static SampleRecording Recorded(CsvFile file, int label, ColumnChoice choice, float period)
    {
        int group = choice.Group is null ? -1 : Array.IndexOf(file.Header, choice.Group);
        int time = Array.IndexOf(file.Header, choice.Time ?? RecordingColumns.TimeName);
        time = choice.Time is null && (time == label || time == group || time < 0 || choice.Ignored.Concat(choice.Numeric).Contains(file.Header[time])) ? -1 : time;
        int[] channels = [.. file.FeatureColumns(label).Where(column => column != group && column != time && !choice.Ignored.Contains(file.Header[column]))];
        return channels.Length > 0
            ? SampleRecording.Read(file, new RecordingColumns(channels, label, time, group), period, leavesOutUnlabelled: true)
            : throw new InputException($"'{file.Path}' has no column of samples beside label, time, group and --ignore; it needs one for each channel.");
    }

    // A time or a counter would be learned by heart: each class was recorded in its own time.
    private static void CheckSignals(SampleRecording recording, ColumnChoice choice)
    {
        for (int channel = 0; channel < recording.ChannelNames.Length; channel++)
        {
            string name = recording.ChannelNames[channel];
            if (recording.Samples >= FewSamples && !choice.Numeric.Contains(name) && OnlyRises(recording, channel))
            {
                throw new InputException($"'{recording.Path}': the column '{name}' only ever rises, as a time or a counter does, and would be a channel; name it with --time if it has the samples' seconds, leave it out with --ignore, or keep it as a signal with --numeric.");
            }
        }
    }

    private static bool OnlyRises(SampleRecording recording, int channel)
    {
        int rises = 0;
        int steps = 0;
        foreach (SampleStretch stretch in recording.Stretches)
        {
            for (int i = stretch.First + 1; i < stretch.First + stretch.Count; i++)
            {
                float before = recording[i - 1][channel];
                float now = recording[i][channel];
                if (now < before)
                {
                    return false;
                }

                rises += now > before ? 1 : 0;
                steps++;
            }
        }

        return steps > 0 && rises * 2 > steps;
    }

    // The name of the parameter is of no use to who typed an option.
    private static string Sentence(ArgumentException exception) =>
        exception.ParamName is { } name ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : exception.Message;
}
