using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace EdgeDevice;

/// <summary>Runs the decision loop on a thread of its own, and tells systemd's watchdog that it turns.</summary>
internal sealed partial class DecisionService(Device device, IHostApplicationLifetime lifetime, ISystemdNotifier notifier, ILogger<DecisionService> logger, TimeProvider? time = null) : BackgroundService
{
    private static readonly TimeSpan NotifyInterval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var thread = new Thread(() => Run(stoppingToken)) { Name = "decisions", Priority = ThreadPriority.Highest };
        thread.Start();
        long turns = -1;
        using var timer = new PeriodicTimer(NotifyInterval, time ?? TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                long now = device.Loop.Statistics.Jitter.Count;
                if (now != turns)
                {
                    notifier.Notify(new ServiceState("WATCHDOG=1"));
                }

                turns = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }

        thread.Join();
    }

    private void Run(CancellationToken stopping)
    {
        try
        {
            device.Loop.Run(stopping);
        }
        catch (Exception exception)
        {
            // A service without its loop is of no use: systemd starts it anew.
            LogFailure(logger, exception);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The decision loop failed.")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
