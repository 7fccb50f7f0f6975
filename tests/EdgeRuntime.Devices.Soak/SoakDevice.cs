using System.Diagnostics;
using System.Globalization;
using EdgeInference.Devices.Hosting;
using EdgeInference.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Soak;

/// <summary>The device: a service as the package makes one, at 1 kHz, that says every second how it is.</summary>
internal static class SoakDevice
{
    /// <summary>Two more than the one that is due.</summary>
    internal static readonly TimeSpan AllowedGap = TimeSpan.FromMilliseconds(3);

    private const int ReadsBetweenFaults = 1000;

    internal static int Run(string folder, string[] settings)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(settings);
        builder.Logging.ClearProviders().AddProvider(new LineLog());
        var source = new FlappingSource(ReadsBetweenFaults, AllowedGap);
        var keys = new TrustedKeys();
        keys.AddPem(File.ReadAllText(Path.Combine(folder, "key.pem")));
        builder.Services
            .AddEdgeModel(model =>
            {
                model.File = Path.Combine(folder, "factory.edge");
                model.StoreFolder = Path.Combine(folder, "disk", "store");
                model.Policy = new UpdatePolicy { Keys = keys, MaxBytes = new ModelUpdateOptions().MaxBytes };
            })
            .AddDecisionLoop(_ => source, loop => loop.PeriodMilliseconds = 1, _ => new SensorMonitorOptions { RetryInterval = TimeSpan.FromMilliseconds(10) })
            .AddModelUpdates(builder.Configuration.GetSection("Edge:Updates"));
        using IHost host = builder.Build();
        using var timer = new Timer(_ => Say(host, source), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        int code = host.RunEdgeDevice();
        timer.Change(Timeout.Infinite, Timeout.Infinite);
        Say(host, source);
        foreach ((long previous, long now) in source.Late)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"late {previous} {now}"));
        }

        return code;
    }

    private static string Info()
    {
        GCMemoryInfo full = GC.GetGCMemoryInfo(GCKind.FullBlocking), beside = GC.GetGCMemoryInfo(GCKind.Background), small = GC.GetGCMemoryInfo(GCKind.Ephemeral);
        return string.Create(CultureInfo.InvariantCulture, $"full:{full.Index}:{full.PauseDurations[0].TotalMilliseconds:0.0},beside:{beside.Index}:{string.Join('+', beside.PauseDurations.ToArray().Select(pause => pause.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)))},small:{small.Index}:{small.Generation}:{small.PauseDurations[0].TotalMilliseconds:0.0}");
    }

    private static void Say(IHost host, FlappingSource source)
    {
        try
        {
            LoopStatistics loop = host.Services.GetRequiredService<DecisionLoop>().Statistics;
            SensorMonitor sensor = host.Services.GetRequiredService<SensorMonitor>();
            ModelUpdater updater = host.Services.GetRequiredService<ModelUpdater>();
            string outcomes = string.Join(' ', Enum.GetValues<UpdateOutcome>().Select(outcome => $"{outcome}={updater.Count(outcome)}"));
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"stat good={source.Good} failed={source.Failed} gaps={source.Gaps} longest={source.Longest.TotalMilliseconds:0.000} decisions={loop.Decisions} missed={loop.MissedSamples} faults={sensor.Count(SensorFault.BusError)} recoveries={sensor.Recoveries} watchdog={loop.WatchdogExpirations} version={updater.Host.Version} rss={process.WorkingSet64} files={Directory.GetFileSystemEntries("/proc/self/fd").Length} threads={process.Threads.Count} gen0={GC.CollectionCount(0)} gen1={GC.CollectionCount(1)} gen2={GC.CollectionCount(2)} paused={GC.GetTotalPauseDuration().TotalMilliseconds:0.0} last={Info()} {outcomes}"));
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            // The host starts or has ended.
        }
    }

    /// <summary>A line for each entry, that the other process counts.</summary>
    private sealed class LineLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Console.WriteLine($"log {eventId.Id} {eventId.Name} {logLevel} {formatter(state, exception).ReplaceLineEndings(" ")}{(exception is null ? "" : $" ({exception.GetType().Name})")}");

        public void Dispose()
        {
        }
    }
}
