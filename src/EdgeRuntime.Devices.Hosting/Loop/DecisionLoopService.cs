using System.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>
/// Runs the loop on a thread of its own. The host counts as started after the loop's first turn. The loop ends as soon as the host
/// begins to stop, whatever others do then; where it ends by itself, the process does, with exit code 1.
/// </summary>
internal sealed class DecisionLoopService(DecisionLoop loop, OutputSet outputs, IHostApplicationLifetime lifetime, ILogger<DecisionLoop> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    // A driver that hangs must not keep the process.
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
    private Thread? thread;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        DecisionLoopOptions options = loop.Options;
        DeviceLog.LoopStarted(logger, options.Period.TotalMilliseconds, options.Hop, loop.ModelVersion);
        foreach (PinOutput pin in outputs.Outputs.OfType<PinOutput>())
        {
            DeviceLog.OutputBound(logger, pin.Description);
        }

        thread = new Thread(Run) { Name = "decisions", Priority = ThreadPriority.Highest, IsBackground = true };
        thread.Start();
        return Task.CompletedTask;
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        while (loop.Statistics.Turns == 0 && !ended.Task.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Look, CancellationToken.None).ConfigureAwait(false);
        }

        // What the start left is moved aside now, twice because a survivor has two generations to go: later it would stop the loop for milliseconds.
        GC.Collect();
        GC.Collect();
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync().ConfigureAwait(false);
        if (thread is not null)
        {
            await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ended.Task.IsCompleted)
            {
                DeviceLog.LoopHangs(logger);
                Environment.ExitCode = 1;
            }
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        stop.Cancel();
        thread?.Join(DisposeLimit);
        stop.Dispose();
    }

    private void Run()
    {
        try
        {
            loop.Run(stop.Token);
        }
        catch (Exception exception)
        {
            // A service without its loop is of no use: systemd starts it anew.
            DeviceLog.LoopFailed(logger, exception);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
        finally
        {
            ended.SetResult();
        }
    }
}
