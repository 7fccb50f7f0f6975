using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Hosting;

/// <summary>The settings of a decision loop; the section "Edge:Loop" of the sample.</summary>
public sealed class LoopOptions
{
    private const double UsualPeriod = 8;

    private double? period;

    /// <summary>Milliseconds from one sample to the next, 0.01 to 86,400,000 (a day). Where it is not set, that of the model, and 8 where the model says none.</summary>
    public double PeriodMilliseconds
    {
        get => period ?? UsualPeriod;
        set => period = value;
    }

    /// <summary>Samples in a window, 1 to 1,000,000. With a model that has a signal pipeline leave it, <see cref="Hop"/> and <see cref="Features"/> out: the model says them.</summary>
    public int Window { get; set; } = 1;

    /// <summary>Samples from one decision to the next, 1 to <see cref="Window"/>.</summary>
    public int Hop { get; set; } = 1;

    /// <summary>Names of <see cref="Feature"/>; empty for a model that takes the samples themselves.</summary>
    public string[] Features { get; set; } = [];

    /// <summary>Number of bands of <see cref="Feature.BandPower"/>, 1 to 1,024.</summary>
    public int Bands { get; set; } = 8;

    /// <summary>Width of the band in which a decision stays as it is, 0 to below 1.</summary>
    public float Hysteresis { get; set; }

    /// <summary>Number of last decisions that vote, 1 to 10,000.</summary>
    public int Votes { get; set; } = 1;

    /// <summary>Seconds that a label is held at least, 0 to 86,400.</summary>
    public double MinimumHoldSeconds { get; set; }

    /// <summary>Abstentions in a row through which the label that stands is held; after more the safe state. 0 for the safe state at the first.</summary>
    public int ToleratedAbstentions { get; set; } = int.MaxValue;

    /// <summary>Seconds without a turn after which outputs go to their safe state, two periods to 86,400; 0 for no watchdog.</summary>
    public double WatchdogSeconds { get; set; } = 2;

    /// <summary>Periods within which a healthy loop decides; 0 for a window and two hops, or a second where that is longer.</summary>
    public int HealthyPeriods { get; set; }

    /// <summary>Makes the loop's options.</summary>
    /// <exception cref="InvalidDataException">A feature does not exist.</exception>
    public DecisionLoopOptions ToLoop() => new()
    {
        Period = TimeSpan.FromMilliseconds(PeriodMilliseconds),
        WindowLength = Window,
        Hop = Hop,
        Features = [.. Features.Select(name => Parse(name) ?? throw new InvalidDataException(FeatureFault(name)))],
        Bands = Bands,
        ToleratedAbstentions = ToleratedAbstentions,
        WatchdogTimeout = WatchdogSeconds > 0 ? TimeSpan.FromSeconds(WatchdogSeconds) : Timeout.InfiniteTimeSpan,
        Filter = new DecisionFilterOptions { Hysteresis = Hysteresis, Votes = Votes, MinimumHold = TimeSpan.FromSeconds(MinimumHoldSeconds) },
    };

    /// <summary>The same for a model, which says the period where it is not set.</summary>
    /// <exception cref="InvalidDataException">A feature does not exist.</exception>
    internal DecisionLoopOptions ToLoop(ModelSlot model) =>
        period is null && model.Expectation.SamplePeriod is not null ? ToLoop() with { Period = TimeSpan.Zero } : ToLoop();

    /// <summary>Says of each wrong value which it is and what it must be.</summary>
    /// <param name="path">Path of the section, for the sentences.</param>
    /// <returns>A sentence for each; empty if there is none.</returns>
    public IReadOnlyList<string> Faults(string path)
    {
        SettingsFaults faults = new SettingsFaults(path)
            .Range(nameof(PeriodMilliseconds), PeriodMilliseconds, 0.01, 86_400_000)
            .Range(nameof(Window), Window, 1, 1_000_000)
            .Range(nameof(Hop), Hop, 1, Math.Max(1, Window))
            .Range(nameof(Bands), Bands, 1, 1024)
            .Range(nameof(Votes), Votes, 1, 10_000)
            .Range(nameof(MinimumHoldSeconds), MinimumHoldSeconds, 0, 86_400)
            .Range(nameof(ToleratedAbstentions), ToleratedAbstentions, 0, int.MaxValue)
            .Range(nameof(WatchdogSeconds), WatchdogSeconds, 0, 86_400)
            .Range(nameof(HealthyPeriods), HealthyPeriods, 0, int.MaxValue)
            .Add(!(Hysteresis >= 0 && Hysteresis < 1), FormattableString.Invariant($"{path}:{nameof(Hysteresis)} is {Hysteresis}; it must be 0 to below 1."))
            .Add(PeriodMilliseconds <= 86_400_000 && WatchdogSeconds > 0 && WatchdogSeconds < 2 * PeriodMilliseconds / 1000, FormattableString.Invariant($"{path}:{nameof(WatchdogSeconds)} is {WatchdogSeconds} but a sample comes every {PeriodMilliseconds / 1000} s; set it to {2 * PeriodMilliseconds / 1000} (two periods) or more, or to 0 for no watchdog."));
        foreach (string name in Features.Where(name => Parse(name) is null))
        {
            faults.Add(true, $"{path}:{FeatureFault(name)}");
        }

        return faults.Sentences;
    }

    /// <summary>Time within which a healthy loop decides.</summary>
    /// <param name="loop">The loop's own options: a model with a signal pipeline says window and hop.</param>
    internal TimeSpan HealthyTime(DecisionLoopOptions loop)
    {
        double period = loop.Period.TotalMilliseconds;
        double periods = HealthyPeriods > 0 ? HealthyPeriods : Math.Max(loop.WindowLength + (2.0 * loop.Hop), Math.Ceiling(1000 / period));
        return TimeSpan.FromMilliseconds(Math.Min(periods * period, TimeSpan.MaxValue.TotalMilliseconds / 2));
    }

    // Enum.TryParse would take numbers too.
    private static Feature? Parse(string name) =>
        Enum.GetNames<Feature>().Contains(name, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<Feature>(name, ignoreCase: true) : null;

    private static string FeatureFault(string name) => $"{nameof(Features)} names '{name}', which is none of {string.Join(", ", Enum.GetNames<Feature>())}.";
}
