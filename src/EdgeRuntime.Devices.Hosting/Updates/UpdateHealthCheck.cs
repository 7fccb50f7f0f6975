using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeInference.Devices.Hosting;

/// <summary>Degraded while a source of models has a problem: the device decides all the same.</summary>
internal sealed class UpdateHealthCheck(IEnumerable<IUpdateSourceState> sources) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string problems = string.Join(" ", sources.Select(source => (source.Name, source.Problem)).Where(state => state.Problem is not null).Select(state => $"{state.Name}: {state.Problem}"));
        return Task.FromResult(problems.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(problems));
    }
}
