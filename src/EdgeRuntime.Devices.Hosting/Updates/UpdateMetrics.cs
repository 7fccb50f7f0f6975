using System.Diagnostics.Metrics;

namespace EdgeInference.Devices.Hosting;

/// <summary>Counters of all sources, by source and kind of fault, in the meter "EdgeInference.Devices".</summary>
internal sealed class UpdateMetrics : IDisposable
{
    internal const string MeterName = "EdgeInference.Devices";

    private readonly Meter? own;
    private readonly Counter<long> attempts;
    private readonly Counter<long> failures;
    private readonly Lock gate = new();
    private readonly List<UpdateSourceHealth> sources = [];

    /// <summary>Creates the counters; a factory keeps its meter, another is closed with this.</summary>
    public UpdateMetrics(IMeterFactory? factory = null)
    {
        Meter = factory?.Create(MeterName) ?? (own = new Meter(MeterName));
        attempts = Meter.CreateCounter<long>("edge.update.attempts", "{attempt}", "Looks at a source of models.");
        failures = Meter.CreateCounter<long>("edge.update.failures", "{failure}", "Looks at a source of models that failed, by kind.");
        Meter.CreateObservableGauge("edge.update.last_success.age", Ages, "s", "Seconds since a source of models was last well; since the start where it never was.");
    }

    internal Meter Meter { get; }

    public void Dispose() => own?.Dispose();

    internal void Add(UpdateSourceHealth source)
    {
        lock (gate)
        {
            sources.Add(source);
        }
    }

    internal void Attempt(string source) => attempts.Add(1, Source(source));

    internal void Failure(string source, string kind) => failures.Add(1, Source(source), new KeyValuePair<string, object?>("error.type", kind));

    private static KeyValuePair<string, object?> Source(string name) => new("source", name);

    private List<Measurement<double>> Ages()
    {
        lock (gate)
        {
            return [.. sources.Select(source => new Measurement<double>(source.Age.TotalSeconds, Source(source.Name)))];
        }
    }
}
