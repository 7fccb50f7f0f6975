using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace EdgeDevice;

/// <summary>Answers /metrics and /health on the loopback address: who wants them elsewhere puts a proxy with a lock before it.</summary>
internal static class StatusPages
{
    /// <summary>Most connections at a time; whoever opens more has them closed at once, so that the device keeps its file descriptors.</summary>
    internal const int MostConnections = 32;

    private const string Meter = "EdgeInference.Devices";

    // Whoever connects and says nothing frees the place soon.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    internal static WebApplication Create(int port, HealthCheckService health, ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = ["--hostBuilder:reloadConfigOnChange=false"] });

        // The settings are the device's; what an environment says of ASP.NET's addresses is not meant for it.
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            (kestrel.Limits.RequestHeadersTimeout, kestrel.Limits.KeepAliveTimeout) = (Patience, Patience);
        });
        builder.Logging.ClearProviders().AddProvider(new StatusLogging(loggers)).SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(health);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Meter).AddPrometheusExporter(exporter => (exporter.ScopeInfoEnabled, exporter.TargetInfoEnabled) = (false, false)));
        WebApplication pages = builder.Build();
        pages.MapPrometheusScrapingEndpoint();
        pages.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync });
        return pages;
    }

    // A word where all is well, else a line for each check that is not.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        string text = report.Status == HealthStatus.Healthy ? "good"
            : string.Join('\n', report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy).Select(entry => $"{entry.Key}: {entry.Value.Description ?? entry.Value.Exception?.Message}"));
        return context.Response.WriteAsync(text + "\n");
    }

    // Signals are the device's.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    // What fails while they start is said in a sentence by whoever starts them.
    private sealed class StatusLogging(ILoggerFactory loggers) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Quiet(loggers.CreateLogger(categoryName));

        public void Dispose()
        {
        }

        private sealed class Quiet(ILogger logger) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => logger.BeginScope(state);

            public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (exception?.GetBaseException() is not System.Net.Sockets.SocketException)
                {
                    logger.Log(logLevel, eventId, state, exception, formatter);
                }
            }
        }
    }
}
