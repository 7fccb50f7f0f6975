using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Data.Recordings;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Tool.Commands.Signals;

/// <summary>Options of <c>edge train</c> for a recording of samples: the pipeline that makes features of them, which goes into the model.</summary>
internal sealed class SignalOptions
{
    private readonly Option<string?> signals = new Option<string?>("--signals") { Description = $"The data is a recording, a row for each sample: filters, then features of its windows, separated by commas, such as highpass:0.5,mean,rms,band_power:8. They go into the model. Words: {string.Join(", ", SignalText.Words)}." }.Offer([.. SignalText.Words]);
    private readonly Option<string?> countSize = new("--count-size") { Description = "With --signals: what one count of a channel is in its unit, such as 0.001, one for all channels or one for each; 1 by default, for samples that are whole numbers." };

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Options.Add(signals);
        command.Options.Add(countSize);
    }

    /// <summary>Whether the data is a recording.</summary>
    internal bool AreGiven(ParseResult result) => result.GetValue(signals) is not null;

    /// <summary>The pipeline as far as it can be known before the recording is read; null where the data is a table.</summary>
    /// <exception cref="UsageException">An option is none, or one of a recording is given without --signals.</exception>
    internal SignalSettings? Draft(ParseResult result, SampleWindow? window)
    {
        if (result.GetValue(signals) is not { } text)
        {
            return result.GetValue(countSize) is null ? null : throw new UsageException("--count-size says what a count of a recording is, and goes with --signals; give both or omit it.");
        }

        (IReadOnlyList<SignalFilter> filters, IReadOnlyList<SignalOutput> features) = SignalText.Parse(text);
        return window is { Length: > 0 }
            ? new SignalSettings { Channels = [], SamplePeriod = window.Period, Length = window.Length, Hop = window.Hop, Filters = filters, Features = features }
            : throw new UsageException("--signals makes features of windows; give their samples with --window, for example --window 128 --hop 64.");
    }

    /// <summary>Reads a recording.</summary>
    /// <exception cref="InputException">It cannot be read, or an option does not fit it.</exception>
    internal SignalTable Read(ParseResult result, string path, string label, CsvOptions format, ColumnChoice choice, SignalSettings draft)
    {
        float[]? sizes = CommonOptions.Split(result.GetValue(countSize))?.Select(Size).ToArray();
        return choice.Categorical.Count == 0
            ? SignalTable.Read(path, label, format, choice, draft, sizes)
            : throw new UsageException("--categorical names columns of categories, and the channels of --signals are numbers; leave such columns out with --ignore, or name one with --group.");
    }

    /// <summary>Puts the pipeline into a model.</summary>
    internal static void Give(Graph graph, SignalTable recording) =>
        graph.Metadata = graph.Metadata with { Signals = recording.Settings, InputNames = recording.Table.Names };

    private static float Size(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float size) && size > 0 && float.IsFinite(size)
            ? size
            : throw new UsageException($"--count-size '{text}' is no number above 0; give what one count is in the channel's unit, for example 0.001.");
}
