using System.Globalization;
using System.Net.Sockets;
using EdgeInference.Devices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgeDevice;

/// <summary>Tells systemd's watchdog that the loop turns, as long as it does.</summary>
internal sealed class SystemdWatchdog(DecisionLoop loop, ISystemdNotifier notifier, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan interval = Interval(Environment.GetEnvironmentVariable("WATCHDOG_USEC"));
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                if (IsTurning(loop.SinceTurn, loop.Options.Period, interval))
                {
                    Tell();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private void Tell()
    {
        try
        {
            notifier.Notify(new ServiceState("WATCHDOG=1"));
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // systemd starts itself anew now and then; it is told with the next look, and ends the service where that lasts.
        }
    }

    /// <summary>Time from one look to the next: three within the unit's WatchdogSec, of which one may be late.</summary>
    internal static TimeSpan Interval(string? watchdogMicroseconds) =>
        long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds is > 0 and < 6_000_000
            ? TimeSpan.FromMicroseconds(Math.Max(1000, microseconds / 3))
            : Longest;

    /// <summary>However long its period is, a loop that waits for its next sample turns.</summary>
    internal static bool IsTurning(TimeSpan? sinceTurn, TimeSpan period, TimeSpan interval) => sinceTurn <= period + interval;
}
