using EdgeInference.Devices;
using EdgeInference.Runtime.Signals;

namespace EdgeDevice;

/// <summary>The section "Edge:Loop".</summary>
internal sealed class LoopOptions
{
    public double PeriodMilliseconds { get; set; } = 8;

    public int Window { get; set; } = 1;

    public int Hop { get; set; } = 1;

    public string[] Features { get; set; } = [];

    public int Bands { get; set; } = 8;

    public float Hysteresis { get; set; }

    public int Votes { get; set; } = 1;

    public double MinimumHoldSeconds { get; set; }

    /// <summary>Abstentions in a row through which the label that stands is held; after more the safe state. 0 for the safe state at the first.</summary>
    public int ToleratedAbstentions { get; set; } = int.MaxValue;

    public double WatchdogSeconds { get; set; } = 2;

    internal Feature[] ParsedFeatures() =>
        [.. Features.Select(name => Enum.TryParse(name, ignoreCase: true, out Feature feature)
            ? feature
            : throw new InvalidDataException($"Edge:Loop:Features names '{name}', which is none of {string.Join(", ", Enum.GetNames<Feature>())}."))];

    internal DecisionLoopOptions ToLoop() => new()
    {
        Period = TimeSpan.FromMilliseconds(PeriodMilliseconds),
        WindowLength = Window,
        Hop = Hop,
        Features = ParsedFeatures(),
        Bands = Bands,
        ToleratedAbstentions = ToleratedAbstentions,
        WatchdogTimeout = WatchdogSeconds > 0 ? TimeSpan.FromSeconds(WatchdogSeconds) : Timeout.InfiniteTimeSpan,
        Filter = new DecisionFilterOptions { Hysteresis = Hysteresis, Votes = Votes, MinimumHold = TimeSpan.FromSeconds(MinimumHoldSeconds) },
    };
}
