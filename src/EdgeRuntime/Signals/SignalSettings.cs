namespace EdgeInference.Runtime.Signals;

/// <summary>What a signal pipeline is made of: channels, sample rate, window, filters and features, in order.</summary>
public sealed record SignalSettings
{
    /// <summary>The channels, 1 to 255, each with a name of its own.</summary>
    public required IReadOnlyList<SignalChannel> Channels { get; init; }

    /// <summary>Seconds from one sample to the next, above 0 and finite.</summary>
    public required float SamplePeriod { get; init; }

    /// <summary>Samples of a window, 2 to 16,384; 4 or more with a spectrum.</summary>
    public required int Length { get; init; }

    /// <summary>Samples from the start of one window to that of the next, 1 to <see cref="Length"/>.</summary>
    public required int Hop { get; init; }

    /// <summary>Filters, in order; a low or high pass of order 2k counts as k of at most 16.</summary>
    public IReadOnlyList<SignalFilter> Filters { get; init; } = [];

    /// <summary>What is made of each channel, each kind at most once.</summary>
    public required IReadOnlyList<SignalOutput> Features { get; init; }

    /// <summary>The record of the contract that says all of it but the window.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range, or two contradict one another.</exception>
    internal byte[] Record() => SignalRecordWriter.Write(this);
}
