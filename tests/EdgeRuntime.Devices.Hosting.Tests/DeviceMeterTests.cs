using System.Diagnostics.Metrics;
using EdgeInference.Devices.Hosting.Tests.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Hosting.Tests;

/// <summary>The loop pays nothing for who listens to it.</summary>
public sealed class DeviceMeterTests : IDisposable
{
    private readonly LogDouble log = new();
    private readonly ModelHost host = new(EdgeModel.Load(TestModels.Described(["still", "shaking"], ["x"], bias: 100f)), 7);
    private readonly SensorMonitor sensor = new(new DelegateSampleSource(1, sample => sample[0] = 1f, channelNames: ["x"]));
    private readonly ModelSlot slot;
    private readonly DecisionLoop loop;
    private readonly DeviceMeter meter;

    public DeviceMeterTests()
    {
        slot = host.CreateSlot();
        loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromMilliseconds(1) }, [new CallbackOutput(_ => { })]);
        meter = new DeviceMeter(loop, sensor, null, null, log);
    }

    public void Dispose()
    {
        meter.Dispose();
        loop.Dispose();
        slot.Dispose();
        sensor.Dispose();
        host.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_turn_allocates_nothing_with_and_without_a_listener(bool listens)
    {
        using MeterListener? listener = listens ? Listen((_, _) => GC.KeepAlive(new byte[100])) : null;
        Turn(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Timings_come_to_who_listens()
    {
        var seen = new List<(string, double)>();
        using MeterListener listener = Listen((name, value) => seen.Add((name, value)));
        loop.Statistics.AddTiming(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));
        loop.Statistics.AddTiming(TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(4));
        meter.RecordTimings();
        meter.RecordTimings();
        Assert.Equal([("edge.sample.lateness", 0.001), ("edge.step.duration", 0.002), ("edge.sample.lateness", 0.003), ("edge.step.duration", 0.004)], seen);
        listener.RecordObservableInstruments();
    }

    [Fact]
    public void A_listener_that_throws_is_logged_once()
    {
        using MeterListener listener = Listen((_, _) => throw new InvalidOperationException("bug"));
        for (int i = 0; i < 10; i++)
        {
            loop.Statistics.AddTiming(TimeSpan.Zero, TimeSpan.Zero);
            meter.RecordTimings();
        }

        Assert.Equal([1020], log.Ids);
    }

    private void Turn(int count)
    {
        for (int i = 0; i < count; i++)
        {
            loop.Step();
            loop.Statistics.AddTiming(TimeSpan.Zero, TimeSpan.Zero);
        }
    }

    // To this meter only: others of its name are those of other tests.
    private MeterListener Listen(Action<string, double> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (meter.Owns(instrument))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            if (!instrument.IsObservable)
            {
                measured(instrument.Name, value);
            }
        });
        listener.Start();
        return listener;
    }
}
