using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using EdgeInference.Devices.Tests.Doubles;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Hosting.Tests.Updates.Doubles;

/// <summary>A model with its store, sources beside it, and a clock that only the test moves.</summary>
internal sealed class UpdateBench : IAsyncDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<BackgroundService> services = [];
    private readonly MeterListener listener = new();
    private readonly UpdatePolicy policy = new();
    private readonly UpdateMetrics metrics = new();

    internal UpdateBench(int maxBytes = 1_000_000)
    {
        policy.Keys.AddPem(Key.ExportSubjectPublicKeyInfoPem());
        string factory = Path.Combine(Folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Signed(Key, 1));
        Updater = ModelUpdater.Open(Path.Combine(Folder, "store"), factory, policy with { MaxBytes = maxBytes });
        Updater.Reported += Reports.Enqueue;
        Directory.CreateDirectory(Inbox);
        Options = new ModelUpdateOptions { MaxBytes = maxBytes, DownloadSeconds = 86_400, IntervalSeconds = 60 };
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (ReferenceEquals(instrument.Meter, Meter))
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Counts.AddOrUpdate(Name(instrument, tags), value, (_, before) => before + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Gauges[Name(instrument, tags)] = value);
        listener.Start();
    }

    internal ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal string Folder { get; } = Directory.CreateTempSubdirectory("edge-updates").FullName;

    internal string Inbox => Path.Combine(Folder, "inbox");

    internal FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    internal LogLines Log { get; } = new();

    internal ModelUpdater Updater { get; }

    internal ModelUpdateOptions Options { get; }

    internal ConcurrentQueue<UpdateReport> Reports { get; } = new();

    internal ConcurrentDictionary<string, long> Counts { get; } = new();

    internal ConcurrentDictionary<string, double> Gauges { get; } = new();

    internal UpdateSources Sources => field ??= new UpdateSources(Options, metrics, Log, Time);

    internal ulong Version => Updater.Host.Version;

    private Meter Meter => metrics.Meter;

    internal void Record() => listener.RecordObservableInstruments();

    internal Task<FolderUpdateService> FolderAsync(Func<string, bool>? exists = null) => StartAsync(new FolderUpdateService(Options, Sources.Folder, () => Updater, Log, Time, exists));

    internal Task<HttpUpdateService> HttpAsync(Action<SocketsHttpHandler>? change = null) => StartAsync(new HttpUpdateService(Options, Sources.Https, () => Updater, Time, change));

    internal Task<MqttUpdateService> MqttAsync() => StartAsync(new MqttUpdateService(Options, "Edge:Updates", Sources.Mqtt, Sources.Status, () => Updater, Log, Time));

    /// <summary>Moves the clock in steps until something is so. The limit is there so that a hang ends; it is no expectation.</summary>
    internal async Task UntilAsync(Func<bool> condition, double stepSeconds = 1)
    {
        for (long end = Environment.TickCount64 + (long)Limit.TotalMilliseconds; !condition(); await Task.Delay(1))
        {
            Assert.True(Environment.TickCount64 < end, $"It never was so. The log: {string.Join('\n', Log.All)}");
            Time.Advance(TimeSpan.FromSeconds(stepSeconds));
        }
    }

    /// <summary>Waits until something is so, with the clock as it is.</summary>
    internal Task StillAsync(Func<bool> condition) => UntilAsync(condition, 0);

    public async ValueTask DisposeAsync()
    {
        foreach (BackgroundService service in services)
        {
            await service.StopAsync(default).WaitAsync(Limit);
            
            // One that is stopped before it ran is cancelled; no other end than these two is right.
            Assert.False(service.ExecuteTask!.IsFaulted, $"{service.ExecuteTask.Exception}");
            service.Dispose();
        }

        listener.Dispose();
        metrics.Dispose();
        Updater.Dispose();
        policy.Keys.Dispose();
        Key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) => $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}";

    private async Task<T> StartAsync<T>(T service)
        where T : BackgroundService
    {
        services.Add(service);
        await service.StartAsync(default);
        return service;
    }
}
