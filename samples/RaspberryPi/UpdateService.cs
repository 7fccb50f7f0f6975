using EdgeInference.Devices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeDevice;

/// <summary>Looks for new models in the folder, at the address and at the broker that the settings name.</summary>
internal sealed partial class UpdateService : BackgroundService
{
    private readonly Device device;
    private readonly UpdateOptions options;
    private readonly ILogger<UpdateService> logger;
    private readonly TimeProvider time;

    public UpdateService(Device device, UpdateOptions options, ILogger<UpdateService> logger, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        this.device = device;
        this.options = options;
        this.logger = logger;
        device.Updater.Reported += Log;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(PollAsync(stoppingToken), MqttAsync(stoppingToken));

    private async Task PollAsync(CancellationToken stopping)
    {
        FolderUpdateSource? folder = options.Folder.Length > 0 ? new FolderUpdateSource(options.Folder, device.Updater) : null;
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        HttpUpdateSource? http = options.Address.Length > 0 ? new HttpUpdateSource(client, new Uri(options.Address), device.Updater) : null;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Max(0.05, options.IntervalSeconds)), time);
        try
        {
            do
            {
                folder?.Poll();
                if (http is not null)
                {
                    await http.PollAsync(stopping).ConfigureAwait(false);
                }

                device.Updater.Host.FreeUnused();
            }
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private async Task MqttAsync(CancellationToken stopping)
    {
        if (options.Mqtt.Server.Length > 0)
        {
            using var source = new MqttUpdateSource(options.Mqtt, device.Updater);
            await source.RunAsync(stopping).ConfigureAwait(false);
        }
    }

    private void Log(UpdateReport report)
    {
        if (report.Outcome == UpdateOutcome.Applied)
        {
            LogApplied(logger, report.Origin, report.Reason);
        }
        else
        {
            LogRefused(logger, report.Outcome, report.Origin, report.Reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "New model from {Origin}. {Reason}")]
    private static partial void LogApplied(ILogger logger, string origin, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No new model ({Outcome}) from {Origin}: {Reason}")]
    private static partial void LogRefused(ILogger logger, UpdateOutcome outcome, string origin, string reason);
}
