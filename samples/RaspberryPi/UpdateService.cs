using EdgeInference.Devices;
using Microsoft.Extensions.Hosting;

namespace EdgeDevice;

/// <summary>Looks for new models in the folder, at the address and at the broker that the settings name.</summary>
internal sealed class UpdateService : BackgroundService
{
    private readonly ModelUpdater updater;
    private readonly UpdateOptions options;
    private readonly TimeProvider time;

    public UpdateService(ModelUpdater updater, UpdateOptions options, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        this.updater = updater;
        this.options = options;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(PollAsync(stoppingToken), MqttAsync(stoppingToken));

    private async Task PollAsync(CancellationToken stopping)
    {
        FolderUpdateSource? folder = options.Folder.Length > 0 ? new FolderUpdateSource(options.Folder, updater) : null;
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        HttpUpdateSource? http = options.Address.Length > 0 ? new HttpUpdateSource(client, new Uri(options.Address), updater) : null;
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

                updater.Host.FreeUnused();
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
            using var source = new MqttUpdateSource(options.Mqtt, updater);
            await source.RunAsync(stopping).ConfigureAwait(false);
        }
    }
}
