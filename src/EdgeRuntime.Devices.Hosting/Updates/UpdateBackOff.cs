using Polly;
using Polly.Retry;

namespace EdgeInference.Devices.Hosting;

/// <summary>When a source that failed is asked again.</summary>
internal static class UpdateBackOff
{
    /// <summary>Longest pause; a source that asks for more is asked again after a day.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // From here on every pause is the longest one; powers of two behind it overflow.
    private const int LongestFrom = 32;

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
            DelayGenerator = arguments => ValueTask.FromResult(Asked(arguments.Outcome.Result?.RetryAfter) ?? (arguments.AttemptNumber >= LongestFrom ? Spread(longest) : null)),
        };
        return new ResiliencePipelineBuilder<UpdateSourceFault?> { TimeProvider = time }.AddRetry(retry).Build();
    }

    private static TimeSpan? Asked(TimeSpan? wait) => wait is null ? null : Spread(wait < Day ? wait.Value : Day);

    // Never earlier than asked for, and up to a tenth later.
    private static TimeSpan Spread(TimeSpan wait) => wait * (1 + (Random.Shared.NextDouble() / 10));
}
