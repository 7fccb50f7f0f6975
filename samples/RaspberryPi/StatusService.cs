using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace EdgeDevice;

/// <summary>Keeps the status pages up. Where they cannot be, for example since another program has the port, the device goes on without them and they are tried again.</summary>
internal sealed class StatusService : BackgroundService
{
    private readonly EdgeOptions options;
    private readonly HealthCheckService health;
    private readonly ILoggerFactory loggers;
    private readonly ILogger<StatusService> logger;
    private readonly ResiliencePipeline retry;
    private bool isDown;

    public StatusService(EdgeOptions options, HealthCheckService health, ILoggerFactory loggers, TimeProvider time)
    {
        this.options = options;
        this.health = health;
        this.loggers = loggers;
        logger = loggers.CreateLogger<StatusService>();
        retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(exception => exception is not OperationCanceledException),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromMinutes(1),
                OnRetry = failure =>
                {
                    Down(failure.Outcome.Exception!);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.StatusPort == 0)
        {
            return;
        }

        try
        {
            await retry.ExecuteAsync(RunAsync, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private async ValueTask RunAsync(CancellationToken stopping)
    {
        await using WebApplication pages = StatusPages.Create(options.StatusPort, health, loggers);
        await pages.StartAsync(stopping).ConfigureAwait(false);
        isDown = false;
        StatusLog.Up(logger, options.StatusPort);
        await Task.Delay(Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(false);
    }

    private void Down(Exception exception)
    {
        if (isDown)
        {
            return;
        }

        isDown = true;
        string reason = exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            ? "another program has the port; end it, or set Edge:StatusPort to another"
            : exception.GetBaseException().Message.ReplaceLineEndings(" ").Trim(' ', '.');
        StatusLog.Down(logger, options.StatusPort, reason);
    }
}
