using Microsoft.Extensions.Hosting;
using Polly;

namespace EdgeInference.Devices.Hosting;

/// <summary>Asks one source of models for as long as the host runs. Nothing that the source does ends it, the host or another source.</summary>
internal abstract class UpdateSourceService : BackgroundService
{
    private readonly TimeSpan pause;

    /// <summary>Creates a service.</summary>
    /// <param name="health">Counts and says what happens.</param>
    /// <param name="pause">The pause behind a look that went well.</param>
    /// <param name="time">The clock.</param>
    protected UpdateSourceService(UpdateSourceHealth health, TimeSpan pause, TimeProvider time)
    {
        this.pause = pause;
        Health = health;
        Time = time;
    }

    internal UpdateSourceHealth Health { get; }

    protected TimeProvider Time { get; }

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Health.Origin.Length == 0)
        {
            return;
        }

        Health.Start();
        ResiliencePipeline<UpdateSourceFault?> untilWell = UpdateBackOff.Create(Time, pause);
        try
        {
            while (true)
            {
                await untilWell.ExecuteAsync(AttemptAsync, stoppingToken).ConfigureAwait(false);
                await Task.Delay(pause, Time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Asks the source once; tells <see cref="Health"/> where it is well.</summary>
    /// <returns>Why it could not be asked, or null.</returns>
    protected abstract Task<UpdateSourceFault?> AskAsync(CancellationToken stopping);

    private async ValueTask<UpdateSourceFault?> AttemptAsync(CancellationToken stopping)
    {
        Health.Attempted();
        try
        {
            UpdateSourceFault? fault = await AskAsync(stopping).ConfigureAwait(false);
            if (fault is not null)
            {
                Health.Failed(fault);
            }

            return fault;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // Whatever it is, the loop beside decides on, and the host's default would be to stop.
            Health.Broken(exception);
            return new UpdateSourceFault(exception.GetType().Name, exception.Message);
        }
    }
}
