using System.Device.Gpio;
using EdgeInference.Devices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace EdgeDevice;

/// <summary>Puts the service together: its device, its status pages, and what systemd is told.</summary>
internal static class DeviceHost
{
    // Below TimeoutStopSec of the unit.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    internal static IHost Build(HostApplicationBuilder builder, EdgeOptions options)
    {
        AddDevice(builder.Services, options, builder.Configuration.GetSection(EdgeOptions.Path));
        AddSystemd(builder.Services);
        builder.Services.AddHostedService<StatusService>();
        builder.Services.AddHostedService<SystemdWatchdog>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        return builder.Build();
    }

    internal static void AddDevice(IServiceCollection services, EdgeOptions options, IConfigurationSection edge)
    {
        services.AddSingleton(options);

        // It writes an error for each request of /health; what is wrong is in the log already, once.
        services.Configure<LoggerFilterOptions>(filters => filters.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        services.TryAddSingleton(_ => options.Output.Simulated ? new GpioController(new SimulatedGpioDriver(Console.WriteLine)) : BoardPins.Open());
        services
            .AddEdgeModel(model => (model.File, model.StoreFolder, model.Policy) = (options.FactoryModel, options.ModelFolder, options.Updates.ToPolicy()))
            .AddDecisionLoop(_ => Wiring.Source(options.Sensor, TimeSpan.FromMilliseconds(options.Loop.PeriodMilliseconds), Console.Error.WriteLine), edge.GetSection(nameof(EdgeOptions.Loop)), _ => options.Sensor.ToMonitor())
            .AddPinOutput(edge.GetSection(nameof(EdgeOptions.Output)))
            .AddModelUpdates(edge.GetSection(nameof(EdgeOptions.Updates)));
    }

    private static void AddSystemd(IServiceCollection services)
    {
        services.AddSystemd();
        if (SystemdHelpers.IsSystemdService())
        {
            return;
        }

        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();

        // Behind a wrapper systemd is not the parent, and still waits to be told.
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
        {
            services.AddSingleton<IHostLifetime, SystemdLifetime>();
        }
    }
}
