using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>Looks at the model on trial once a second; a device without a store or a loop has nothing to try. An error here stops no other service.</summary>
internal sealed partial class ModelTrialService(ModelUpdater? updater, DecisionLoop? loop, TimeProvider time, ILogger<ModelTrialService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ModelTrial? trial = updater is null || loop is null ? null : new ModelTrial(updater, loop, time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (trial is null)
        {
            return;
        }

        // The start of the host does not wait for a look.
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval, time);
        string? said = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                said = Look(trial, said);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    // How a trial ends is reported by the updater.
    private string? Look(ModelTrial trial, string? said)
    {
        try
        {
            trial.Check();
            return null;
        }
#pragma warning disable CA1031 // Whatever goes wrong here, the loop decides on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (exception.Message != said)
            {
                LookFailed(logger, exception);
            }

            return exception.Message;
        }
    }

    [LoggerMessage(EventId = 1300, Level = LogLevel.Error, Message = "The model on trial could not be looked at; it stays, and is looked at again.")]
    private static partial void LookFailed(ILogger logger, Exception exception);
}
