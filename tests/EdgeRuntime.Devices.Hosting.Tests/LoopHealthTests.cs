using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Hosting.Tests;

/// <summary>Health is "decided within N periods", however often it is asked.</summary>
public sealed class LoopHealthTests
{
    private readonly FakeTimeProvider time = new();
    private readonly LoopOptions options = new() { PeriodMilliseconds = 100, HealthyPeriods = 5 };
    private float value = 1f;
    private bool sensorBroken;
    private bool outputBroken;

    [Fact]
    public void Decisions_in_time_are_good_and_late_ones_are_not()
    {
        Run((loop, ask) =>
        {
            Assert.Equal((HealthStatus.Unhealthy, "no decision yet; the loop does not turn"), ask());
            loop.Step();
            Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal((HealthStatus.Healthy, "good"), ask()));
            time.Advance(TimeSpan.FromMilliseconds(500));
            Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal((HealthStatus.Healthy, "good"), ask()));
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal((HealthStatus.Unhealthy, "no decision for 0.501 s; one is due within 0.5 s; the loop does not turn"), ask()));
        });
    }

    [Fact]
    public void A_sensor_at_fault_is_degraded_and_unhealthy_when_decisions_stay_out()
    {
        Run((loop, ask) =>
        {
            loop.Step();
            sensorBroken = true;
            Turn(loop, 1);
            Assert.Equal((HealthStatus.Degraded, "sensor: BusError"), ask());
            Turn(loop, 5);
            Assert.Equal((HealthStatus.Unhealthy, "no decision for 0.6 s; one is due within 0.5 s; sensor: BusError"), ask());
        });
    }

    [Fact]
    public void Decisions_on_values_that_are_not_finite_are_none()
    {
        // The root of the mean of squares overflows.
        (options.Window, options.Features) = (2, ["Rms"]);
        Run((loop, ask) =>
        {
            Turn(loop, 2);
            Assert.Equal((HealthStatus.Healthy, "good"), ask());
            value = 3e38f;
            Turn(loop, 10);
            Assert.Equal(5, loop.Statistics.NotFinite);
            Assert.Equal((HealthStatus.Unhealthy, "no decision for 1 s; one is due within 0.5 s"), ask());
        }, "x_rms");
    }

    [Fact]
    public void An_output_at_fault_is_degraded()
    {
        Run((loop, ask) =>
        {
            outputBroken = true;
            Turn(loop, 1);
            Assert.Equal((HealthStatus.Degraded, "1 output(s) at fault"), ask());
            outputBroken = false;
            Turn(loop, 1);
            Assert.Equal((HealthStatus.Healthy, "good"), ask());
        });
    }

    [Theory]
    [InlineData(8, 128, 64, 0, 2048)]
    [InlineData(8, 1, 1, 0, 1000)]
    [InlineData(3, 1, 1, 0, 1002)]
    [InlineData(5000, 1, 1, 0, 15_000)]
    [InlineData(8, 128, 64, 3, 24)]
    public void What_is_in_time_follows_window_and_hop(double period, int window, int hop, int periods, int milliseconds)
    {
        var settings = new LoopOptions { PeriodMilliseconds = period, Window = window, Hop = hop, HealthyPeriods = periods };
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), settings.HealthyTime(settings.ToLoop()));
    }

    private void Turn(DecisionLoop loop, int count)
    {
        for (int i = 0; i < count; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(options.PeriodMilliseconds));
            loop.Step();
        }
    }

    private void Run(Action<DecisionLoop, Func<(HealthStatus, string)>> test, string feature = "x")
    {
        using var model = new ModelHost(EdgeModel.Load(TestModels.Described(["still", "shaking"], [feature], bias: 100f)), 1);
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = sensorBroken ? throw new IOException("off") : value, channelNames: ["x"]), time: time);
        using ModelSlot slot = model.CreateSlot();
        using var loop = new DecisionLoop(sensor, slot, options.ToLoop(), [new CallbackOutput(_ => { if (outputBroken) { throw new IOException("gone"); } })], time);
        var check = new LoopHealthCheck(loop, sensor, Options.Create(options));
        test(loop, () =>
        {
            HealthCheckResult result = check.CheckHealthAsync(new HealthCheckContext()).GetAwaiter().GetResult();
            return (result.Status, result.Description!);
        });
    }
}
