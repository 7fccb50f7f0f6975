using EdgeInference.Devices.Hosting.Tests.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Hosting.Tests;

/// <summary>Each fault is logged once when it sets in and once when it is over, however many samples it lasts.</summary>
public sealed class LoopLogTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly LogDouble log = new();
    private readonly ModelHost host = new(EdgeModel.Load(TestModels.Described(["still", "shaking"], ["x"], bias: 100f)), 1);
    private readonly SensorMonitor sensor;
    private readonly ModelSlot slot;
    private readonly DecisionLoop loop;
    private readonly LoopLog faults;
    private bool sensorBroken;
    private bool outputBroken;

    public LoopLogTests()
    {
        sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = sensorBroken ? throw new IOException("The cable is off.") : 1f, channelNames: ["x"]), new SensorMonitorOptions { RetryInterval = TimeSpan.Zero }, time);
        slot = host.CreateSlot();
        var output = new CallbackOutput(_ => { if (outputBroken) { throw new IOException("The pin is gone."); } });
        loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromMilliseconds(10), WatchdogTimeout = TimeSpan.FromSeconds(1) }, [output], time);
        faults = new LoopLog(loop, sensor, log, time);
    }

    public void Dispose()
    {
        loop.Dispose();
        slot.Dispose();
        sensor.Dispose();
        host.Dispose();
    }

    [Fact]
    public void A_loop_without_a_fault_says_nothing()
    {
        Turn(500);
        Assert.Empty(log.Entries);
    }

    [Fact]
    public void A_flapping_sensor_fills_no_log()
    {
        for (int i = 0; i < 50; i++)
        {
            sensorBroken = true;
            Turn(20);
            sensorBroken = false;
            Turn(20);
        }

        Turn(1000);
        Assert.Equal([1010, 1011], log.Ids);
        Assert.Equal("The sensor is at fault: BusError (The cable is off). Outputs are in their safe state.", log.Entries[0].Text);
        Assert.StartsWith("The sensor's fault BusError is over; it set in 50 times in 2", log.Entries[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_fails_at_each_sample_is_said_once()
    {
        outputBroken = true;
        Turn(500);
        outputBroken = false;
        Turn(1002);
        Assert.Equal([1012, 1013], log.Ids);
    }

    [Fact]
    public void A_hanging_loop_is_said_once_and_that_it_turns_again()
    {
        Turn(1);
        loop.Statistics.AddWatchdogExpiration();
        for (int i = 0; i < 50; i++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            faults.Look();
        }

        Assert.Equal([1014], log.Ids);
        Turn(1002);
        Assert.Equal([1014, 1015], log.Ids);
        Assert.Equal("The loop turns again; it hung 1 times in 98 s.", log.Entries[1].Text);
    }

    [Fact]
    public void Broken_windows_and_values_that_are_not_finite_are_said_once()
    {
        for (int i = 0; i < 20; i++)
        {
            loop.Statistics.AddGap();
            loop.Statistics.AddNotFinite();
            Turn(10);
        }

        Turn(1000);
        Assert.Equal([1016, 1018, 1017, 1019], log.Ids);
    }

    private void Turn(int count)
    {
        for (int i = 0; i < count; i++)
        {
            loop.Step();
            time.Advance(TimeSpan.FromMilliseconds(10));
            faults.Look();
        }
    }
}
