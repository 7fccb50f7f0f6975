using System.Diagnostics.Metrics;
using EdgeInference.ModelFormat;
using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>
/// The meter "EdgeInference.Devices". Counters are read when somebody collects them; timings come out of the loop's ring, so that a
/// listener that takes locks, allocates or hangs does so beside the loop.
/// </summary>
internal sealed class DeviceMeter : IDisposable
{
    internal const string Name = "EdgeInference.Devices";

    // From a tenth of a millisecond to a second: below, nothing needs to be told apart; above, the watchdog counts.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1] };

    private readonly DecisionLoop loop;
    private readonly ILogger logger;
    private readonly Meter meter;
    private readonly Histogram<double> lateness;
    private readonly Histogram<double> duration;
    private readonly LoopTiming[] timings = new LoopTiming[1024];
    private readonly HashSet<string> classes = [];
    private bool failed;

    internal DeviceMeter(DecisionLoop loop, SensorMonitor sensor, ModelUpdater? updater, IMeterFactory? factory, ILogger logger)
    {
        this.loop = loop;
        this.logger = logger;
        meter = factory?.Create(Name) ?? new Meter(Name);
        LoopStatistics counters = loop.Statistics;
        Counter("edge.samples", () => sensor.Samples, "Samples that the sensor delivered.");
        Counter("edge.samples.missed", () => counters.MissedSamples, "Samples that were due while the loop was busy.");
        Counter("edge.window.gaps", () => counters.Gaps, "Windows started anew because too many samples were missed.");
        Counter("edge.sensor.failed_reads", () => sensor.FailedReads, "Reads that failed, those bridged included.");
        Counters("edge.sensor.faults", "fault", [.. Enum.GetValues<SensorFault>().Where(fault => fault is not (SensorFault.None or SensorFault.Starting))], sensor.Count, "Times that a fault of the sensor set in.");
        Counter("edge.sensor.recoveries", () => sensor.Recoveries, "Times that a faulty sensor became good again.");
        Counter("edge.decisions", () => counters.Decisions, "Times that the model ran.");
        Counters("edge.abstentions", "reason", [DecisionReason.AbstainBand, DecisionReason.NotFinite], reason => reason == DecisionReason.NotFinite ? counters.NotFinite : counters.Abstentions, "Times that the model ran and decided for no class.");
        Counter("edge.learned", () => counters.Learned, "Labelled decisions that the model learned from.");
        Counter("edge.label_changes", () => counters.Changes, "Changes of the label that stands.");
        Counter("edge.output.faults", () => counters.OutputFaults, "Times that an output failed.");
        Counter("edge.watchdog.expirations", () => counters.WatchdogExpirations, "Times that the loop hung and outputs went to their safe state.");
        meter.CreateObservableGauge("edge.label", () => loop.Label, description: "The label that stands, -1 in the safe state.");
        meter.CreateObservableGauge("edge.class", Classes, description: "1 for the class that stands, 0 for those that stood before.");
        meter.CreateObservableGauge("edge.probability", () => (double)loop.LastDecision.Probability, description: "Probability of the last decision.");
        meter.CreateObservableGauge("edge.model.version", () => (long)loop.ModelVersion, description: "Version of the model that decides.");
        if (updater is not null)
        {
            Counters("edge.model.updates", "outcome", Enum.GetValues<UpdateOutcome>(), updater.Count, "Models that were offered, by what became of them.");
        }

        lateness = meter.CreateHistogram("edge.sample.lateness", "s", "How much later than due samples are taken.", null, Seconds);
        duration = meter.CreateHistogram("edge.step.duration", "s", "Time from the start of a sample's read to the end of its decision.", null, Seconds);
    }

    public void Dispose() => meter.Dispose();

    internal bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, meter);

    /// <summary>Records what the loop left since the last call.</summary>
    internal void RecordTimings()
    {
        int taken;
        do
        {
            taken = loop.Statistics.TakeTimings(timings);
            foreach (LoopTiming timing in timings.AsSpan(0, taken))
            {
                Record(timing);
            }
        }
        while (taken == timings.Length);
    }

    // A listener's callback runs in here, and may throw anything.
    private void Record(in LoopTiming timing)
    {
        try
        {
            lateness.Record(timing.Lateness.TotalSeconds);
            duration.Record(timing.Duration.TotalSeconds);
        }
        catch (Exception exception)
        {
            if (!failed)
            {
                DeviceLog.MetricsFailed(logger, exception);
            }

            failed = true;
        }
    }

    private void Counter(string name, Func<long> read, string description) => meter.CreateObservableCounter(name, read, description: description);

    private void Counters<T>(string name, string tag, T[] kinds, Func<T, long> read, string description)
        where T : struct, Enum
    {
        KeyValuePair<string, object?>[] tags = [.. kinds.Select(kind => KeyValuePair.Create(tag, (object?)Snake(kind.ToString())))];
        meter.CreateObservableCounter(name, () => kinds.Select((kind, i) => new Measurement<long>(read(kind), tags[i])), description: description);
    }

    // A collector keeps what it saw once: a class that no longer stands must be seen as 0.
    private List<Measurement<int>> Classes()
    {
        lock (classes)
        {
            string? standing = loop.ClassText;
            if (standing is not null)
            {
                classes.Add(standing);
            }

            return [.. classes.Select(text => new Measurement<int>(text == standing ? 1 : 0, KeyValuePair.Create("class", (object?)text)))];
        }
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? "_" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
}
