using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices;

/// <summary>From samples to what a model takes: window, features, and the names of both. A loop and a recording of its input share it.</summary>
internal sealed class LoopInput
{
    private readonly SlidingWindow? window;
    private readonly FeatureExtractor? extractor;
    private readonly SignalPipeline? pipeline;
    private readonly float[] samples;
    private readonly int toleratedMisses;

    /// <summary>The input of a loop with a model: by the model's own pipeline where it has one, else by the options.</summary>
    /// <param name="channels">Values in a sample.</param>
    /// <param name="channelNames">A name for each.</param>
    /// <param name="options">The loop's options, with what the model says of them.</param>
    /// <param name="model">What the model says.</param>
    /// <exception cref="ArgumentException">The model takes other channels, or the options name features.</exception>
    internal LoopInput(int channels, IReadOnlyList<string> channelNames, DecisionLoopOptions options, ModelExpectation model)
        : this(channels, channelNames, options, model.CreatePipeline?.Invoke())
    {
        Signals = model.Signals;
    }

    internal LoopInput(int channels, IReadOnlyList<string> channelNames, DecisionLoopOptions options)
        : this(channels, channelNames, options, pipeline: null)
    {
    }

    private LoopInput(int channels, IReadOnlyList<string> channelNames, DecisionLoopOptions options, SignalPipeline? pipeline)
    {
        toleratedMisses = options.ToleratedMisses;
        if (pipeline is not null)
        {
            this.pipeline = pipeline;
            CheckChannels(pipeline, channelNames, options);
            samples = [];
            Values = new float[pipeline.FeatureCount];
            SampleNames = [];
            Names = [.. pipeline.FeatureNames];
            return;
        }

        window = new SlidingWindow(channels, options.WindowLength, options.Hop);
        samples = new float[channels * options.WindowLength];
        extractor = options.Features.Count == 0 ? null : new FeatureExtractor(channels, options.WindowLength, options.Features, options.Bands);
        Values = extractor is null ? samples : new float[extractor.Count];
        SampleNames = extractor is null ? channelNames : [];
        Names = NamesOf(channelNames, options.WindowLength);
    }

    // Rows of what another one makes.
    private LoopInput(LoopInput made)
    {
        window = new SlidingWindow(made.Values.Length, 1, 1);
        samples = new float[made.Values.Length];
        toleratedMisses = made.toleratedMisses;
        Values = samples;
        SampleNames = made.SampleNames;
        Names = made.Names;
        Signals = made.Signals;
    }

    /// <summary>The model's pipeline that makes the values, as <see cref="ModelExpectation.Signals"/>; empty where the options do.</summary>
    internal string Signals { get; } = "";

    /// <summary>What the model takes, after <see cref="Add"/> returned true.</summary>
    internal float[] Values { get; }

    /// <summary>A name for each value; empty if the channels have none.</summary>
    internal string[] Names { get; }

    /// <summary>A name for each value of a sample, where the model takes the samples themselves; else empty.</summary>
    internal IReadOnlyList<string> SampleNames { get; }

    /// <summary>Takes a sample.</summary>
    /// <returns>Whether <see cref="Values"/> are new.</returns>
    internal bool Add(ReadOnlySpan<float> sample)
    {
        if (pipeline is not null)
        {
            return AddTo(pipeline, sample);
        }

        if (!window!.Add(sample))
        {
            return false;
        }

        window.CopyTo(samples);
        extractor?.Extract(samples, Values);
        return true;
    }

    /// <summary>Leaves out samples that were missed.</summary>
    /// <returns>Whether they are too many, so that the window starts again.</returns>
    internal bool Skip(long missed)
    {
        bool breaks = missed > toleratedMisses;
        if (breaks)
        {
            Clear();
        }

        return breaks;
    }

    /// <summary>An input of the same names whose samples are the values that this one makes.</summary>
    internal LoopInput OfRows() => new(this);

    /// <summary>Starts the window again.</summary>
    internal void Clear()
    {
        window?.Clear();
        pipeline?.Reset();
    }

    private static void CheckChannels(SignalPipeline pipeline, IReadOnlyList<string> given, DecisionLoopOptions options)
    {
        if (options.Features.Count > 0)
        {
            throw new ArgumentException("The model makes its features of samples by its own pipeline but the loop has Features too; leave Features empty.", nameof(options));
        }

        string[] channels = [.. pipeline.Channels.Select(channel => channel.Name)];
        if (!channels.SequenceEqual(given))
        {
            throw new ArgumentException($"The model makes its features of the channels [{string.Join(", ", channels)}] but the sample source gives [{string.Join(", ", given)}]; name the channels as in the recording that it was trained on, in its order.", nameof(given));
        }
    }

    private bool AddTo(SignalPipeline signals, ReadOnlySpan<float> sample)
    {
        bool isDue = signals.Add(sample);
        if (isDue)
        {
            signals.Features(Values);
        }

        return isDue;
    }

    // Samples without features are named by channel and, in a window, number: x_0, y_0, x_1, ...
    private string[] NamesOf(IReadOnlyList<string> channels, int length) =>
        channels.Count == 0 ? []
            : extractor is not null ? extractor.Names(channels)
            : length == 1 ? [.. channels]
            : [.. Enumerable.Range(0, length).SelectMany(i => channels.Select(channel => FormattableString.Invariant($"{channel}_{i}")))];
}
