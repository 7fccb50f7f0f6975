using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices;

/// <summary>From samples to what a model takes: window, features, and the names of both. A loop and a recording of its input share it.</summary>
internal sealed class LoopInput
{
    private readonly SlidingWindow window;
    private readonly FeatureExtractor? extractor;
    private readonly float[] samples;
    private readonly int toleratedMisses;

    internal LoopInput(int channels, IReadOnlyList<string> channelNames, DecisionLoopOptions options)
    {
        window = new SlidingWindow(channels, options.WindowLength, options.Hop);
        samples = new float[channels * options.WindowLength];
        toleratedMisses = options.ToleratedMisses;
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
    }

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
        if (!window.Add(sample))
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
    internal void Clear() => window.Clear();

    // Samples without features are named by channel and, in a window, number: x_0, y_0, x_1, ...
    private string[] NamesOf(IReadOnlyList<string> channels, int length) =>
        channels.Count == 0 ? []
            : extractor is not null ? extractor.Names(channels)
            : length == 1 ? [.. channels]
            : [.. Enumerable.Range(0, length).SelectMany(i => channels.Select(channel => FormattableString.Invariant($"{channel}_{i}")))];
}
