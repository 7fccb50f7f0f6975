using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EdgeInference.Devices.Hosting;

/// <summary>
/// Healthy where the loop decided within <see cref="LoopOptions.HealthyPeriods"/>, degraded where a sensor or an output is at fault and
/// it still did, else unhealthy. It only reads when the last decision was: however often it is asked, the answer is the same.
/// </summary>
internal sealed class LoopHealthCheck(DecisionLoop loop, SensorMonitor sensor, IOptions<LoopOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Look());

    private HealthCheckResult Look()
    {
        TimeSpan limit = options.Value.HealthyTime(loop.Options);
        TimeSpan? decision = loop.SinceDecision;
        SensorFault fault = sensor.Fault;
        if (decision is not { } since || since > limit)
        {
            string last = decision is { } ago ? FormattableString.Invariant($"no decision for {ago.TotalSeconds:0.###} s; one is due within {limit.TotalSeconds:0.###} s") : "no decision yet";
            return HealthCheckResult.Unhealthy($"{last}{Cause(fault, limit)}");
        }

        return fault != SensorFault.None ? HealthCheckResult.Degraded($"sensor: {fault}")
            : loop.OutputsAtFault > 0 ? HealthCheckResult.Degraded($"{loop.OutputsAtFault} output(s) at fault")
            : HealthCheckResult.Healthy("good");
    }

    private string Cause(SensorFault fault, TimeSpan limit) =>
        loop.SinceTurn is not { } turn || turn > limit ? "; the loop does not turn"
        : fault != SensorFault.None ? $"; sensor: {fault}"
        : "";
}
