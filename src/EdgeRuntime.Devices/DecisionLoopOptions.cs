using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices;

/// <summary>How a <see cref="DecisionLoop"/> samples, what it decides on, and when it gives up.</summary>
public sealed record DecisionLoopOptions
{
    /// <summary>Time from one sample to the next; zero, the default, for that of the model, which has to say one.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>Samples in a window, 1 or more. With a model that has a signal pipeline leave it and <see cref="Hop"/> as they are: the pipeline has them.</summary>
    public int WindowLength { get; init; } = 1;

    /// <summary>Samples from one decision to the next, 1 to <see cref="WindowLength"/>.</summary>
    public int Hop { get; init; } = 1;

    /// <summary>The features of each window; empty with a model that has a signal pipeline, which makes its own. If empty without one, the model takes the samples themselves, row-major [length, channels], which are named by channel, and in a window of more than one sample by channel and number: x_0, y_0, x_1.</summary>
    public IReadOnlyList<Feature> Features { get; init; } = [];

    /// <summary>Number of bands of <see cref="Feature.BandPower"/>.</summary>
    public int Bands { get; init; } = 8;

    /// <summary>Samples in a row that may be missed before the window counts as broken and starts again.</summary>
    public int ToleratedMisses { get; init; } = 2;

    /// <summary>
    /// Decisions in a row that the model may abstain from because the probability lies in its abstain band: through so many the
    /// label that stands is held, after more outputs go to their safe state. All by default; 0 for the safe state at the first.
    /// </summary>
    public int ToleratedAbstentions { get; init; } = int.MaxValue;

    /// <summary>Time without a turn of the loop after which outputs go to their safe state; infinite for none.</summary>
    public TimeSpan WatchdogTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Hysteresis, votes and hold.</summary>
    public DecisionFilterOptions Filter { get; init; } = new();
}
