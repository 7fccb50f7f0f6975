using Microsoft.Extensions.Hosting;

namespace EdgeInference.Devices.Hosting;

/// <summary>Does something about the loop again and again, on a thread of the pool.</summary>
internal abstract class LoopWatch(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // What came since the last look.
            Look();
        }
    }

    protected abstract void Look();
}

/// <summary>Keeps the log of the loop's faults.</summary>
internal sealed class LoopLogService(LoopLog log, TimeProvider time) : LoopWatch(time)
{
    protected override void Look() => log.Look();
}

/// <summary>Passes the loop's timings to whoever listens to the meter.</summary>
internal sealed class LoopMeterService(DeviceMeter meter, TimeProvider time) : LoopWatch(time)
{
    protected override void Look() => meter.RecordTimings();
}
