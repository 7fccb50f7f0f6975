using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

/// <summary>What a loop says of itself to whoever watches it: when it last turned and decided, and which outputs fail.</summary>
public sealed class DeviceLoopStateTests : IDisposable
{
    private readonly FakeTime time = new();
    private readonly ModelHost host = new(EdgeModel.Load(TestModels.Described(["still", "shaking"], ["x"], bias: 100f)), 1);
    private float value = 1f;
    private bool broken;

    public void Dispose() => host.Dispose();

    [Fact]
    public void A_turn_is_no_decision_while_the_sensor_is_at_fault_or_a_value_is_not_finite()
    {
        // The root of the mean of squares overflows.
        using var rms = new ModelHost(EdgeModel.Load(TestModels.Described(["still", "shaking"], ["x_rms"], bias: 100f)), 1);
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = broken ? throw new IOException("gone") : value, channelNames: ["x"]), time: time);
        using ModelSlot slot = rms.CreateSlot();
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1), WindowLength = 2, Features = [Feature.Rms] }, [], time);
        Assert.Equal((null, null), (loop.SinceTurn, loop.SinceDecision));
        loop.Step();
        Assert.Equal((TimeSpan.Zero, null), (loop.SinceTurn, loop.SinceDecision));
        loop.Step();
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (loop.SinceTurn, loop.SinceDecision));
        broken = true;
        time.Advance(TimeSpan.FromSeconds(1));
        loop.Step();
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(1)), (loop.SinceTurn, loop.SinceDecision));
        (broken, value) = (false, 3e38f);
        loop.Step();
        time.Advance(TimeSpan.FromSeconds(1));
        loop.Step();
        loop.Step();
        Assert.Equal((1L, TimeSpan.Zero, TimeSpan.FromSeconds(2)), (loop.Statistics.NotFinite, loop.SinceTurn, loop.SinceDecision));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), loop.SinceTurn);
        Assert.Equal(6, loop.Statistics.Turns);
    }

    [Fact]
    public void An_output_that_fails_is_at_fault_until_it_works()
    {
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = 1f, channelNames: ["x"]), time: time);
        using ModelSlot slot = host.CreateSlot();
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) }, [new CallbackOutput(_ => { }), new CallbackOutput(_ => { if (broken) { throw new IOException("gone"); } })], time);
        broken = true;
        loop.Step();
        loop.Step();
        Assert.Equal((1, 2L), (loop.OutputsAtFault, loop.Statistics.OutputFaults));
        broken = false;
        loop.Step();
        Assert.Equal((0, 2L), (loop.OutputsAtFault, loop.Statistics.OutputFaults));
    }
}
