using Polly;
using Polly.Retry;

namespace EdgeInference.Devices.Hosting;

/// <summary>When a source that failed is asked again.</summary>
internal static class UpdateBackOff
{
    /// <summary>Longest pause, unless the source itself asks for more (a day at most).</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Tries until there is no fault, with pauses that double up to the longest, each somewhat off so that a fleet does not come back at once.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="interval">The pause between two looks that went well: failures are not looked at more often than that, if it is shorter than the first pause.</param>
    internal static ResiliencePipeline<UpdateSourceFault?> Create(TimeProvider time, TimeSpan interval)
    {
        TimeSpan longest = interval > Day ? Day : interval > Longest ? interval : Longest;
        var retry = new RetryStrategyOptions<UpdateSourceFault?>
        {
            Name = "EdgeInference.Updates",
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is not null),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = interval < First ? interval : First,
            MaxDelay = longest,
            DelayGenerator = arguments => ValueTask.FromResult(Asked(arguments.Outcome.Result?.RetryAfter)),
        };
        return new ResiliencePipelineBuilder<UpdateSourceFault?> { TimeProvider = time }.AddRetry(retry).Build();
    }

    // Never earlier than asked for, and up to a tenth later: the server asked the whole fleet.
    private static TimeSpan? Asked(TimeSpan? wait) => wait is null ? null : (wait < Day ? wait.Value : Day) * (1 + (Random.Shared.NextDouble() / 10));
}
