using System.Device.Gpio;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

public sealed class DecisionLoopTests : IDisposable
{
    private const int Pin = 18;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly FakeTime time = new();
    private readonly RecordingGpioDriver driver = new();
    private readonly GpioController controller;
    private readonly PinOutput pin;
    private readonly ModelHost host = new(EdgeModel.Load(TestModels.Above(0.5f, 100f)), 1);
    private readonly List<int> labels = [];

    public DecisionLoopTests()
    {
        controller = new GpioController(driver);
        pin = new PinOutput(controller, Pin, label: 1);
    }

    public void Dispose()
    {
        pin.Dispose();
        controller.Dispose();
        host.Dispose();
    }

    [Fact]
    public void Decisions_reach_the_pin_once_for_each_change()
    {
        DecisionLoop loop = Loop((i, values) => values[0] = i % 20 < 10 ? 1 : 0, samples: 60);
        Assert.Equal([(Pin, false), (Pin, true), (Pin, false), (Pin, true), (Pin, false), (Pin, true), (Pin, false)], driver.Edges);
        Assert.Equal(60, loop.Statistics.Decisions);
        Assert.Equal(7, labels.Count);
        Assert.Equal(DecisionFilter.Undecided, loop.Label);
    }

    [Fact]
    public void The_safe_state_holds_while_the_sensor_is_at_fault()
    {
        Loop((i, values) => values[0] = i is >= 5 and < 8 ? float.NaN : 1, samples: 12);
        Assert.Equal([1, CallbackOutput.Safe, 1, CallbackOutput.Safe], labels);
        Assert.Equal([(Pin, false), (Pin, true), (Pin, false), (Pin, true), (Pin, false)], driver.Edges);
    }

    [Fact]
    public void The_rate_does_not_drift_and_lateness_is_measured()
    {
        int wait = 0;
        time.Lateness = () => TimeSpan.FromMilliseconds(wait++ % 4);
        long start = time.GetTimestamp();
        var readAt = new List<TimeSpan>();
        DecisionLoop loop = Loop((_, _) => readAt.Add(time.GetElapsedTime(start)), samples: 401);

        for (int i = 1; i < readAt.Count; i++)
        {
            Assert.Equal((i * Period) + TimeSpan.FromMilliseconds((i - 1) % 4), readAt[i]);
        }

        var timings = new LoopTiming[500];
        Assert.Equal(401, loop.Statistics.TakeTimings(timings));
        Assert.Equal(TimeSpan.Zero, timings[0].Lateness);
        Assert.Equal(Enumerable.Range(0, 400).Select(i => TimeSpan.FromMilliseconds(i % 4)), timings[1..401].Select(timing => timing.Lateness));
        Assert.Equal(0, loop.Statistics.MissedSamples);
    }

    [Fact]
    public void Missed_samples_are_left_out_and_a_gap_breaks_the_window()
    {
        DecisionLoop loop = Loop(
            (i, values) =>
            {
                values[0] = i;
                time.Advance(i == 5 ? Period * 2 : i == 10 ? Period * 6 : TimeSpan.Zero);
            },
            samples: 20,
            options => options with { WindowLength = 4, Features = [Feature.Peak], ToleratedMisses = 2 });

        // 4 samples before the first window, then one decision a sample, and 4 again after the long gap.
        Assert.Equal(20 - 3 - 3, loop.Statistics.Decisions);
        Assert.Equal(1 + 5, loop.Statistics.MissedSamples);
        Assert.Equal(1, loop.Statistics.Gaps);
    }

    [Fact]
    public void The_watchdog_acts_while_a_driver_hangs_and_the_label_comes_back_after()
    {
        bool pinInHang = true;
        DecisionLoop loop = Loop(
            (i, values) =>
            {
                values[0] = 1;
                if (i == 3)
                {
                    Assert.True(driver.Levels[Pin]);
                    time.Advance(TimeSpan.FromSeconds(5));
                    pinInHang = driver.Levels[Pin];
                }

                if (i == 6)
                {
                    Assert.True(driver.Levels[Pin]);
                }
            },
            samples: 8,
            options => options with { WatchdogTimeout = TimeSpan.FromSeconds(1) });
        Assert.False(pinInHang);
        Assert.Equal(1, loop.Statistics.WatchdogExpirations);
        Assert.Equal([1, CallbackOutput.Safe, 1, CallbackOutput.Safe], labels);
    }

    [Fact]
    public void An_output_that_fails_is_counted_and_tried_again()
    {
        DecisionLoop loop = Loop(
            (i, values) =>
            {
                values[0] = 1;
                driver.Fails = i < 3;
            },
            samples: 6);
        Assert.Equal(3, loop.Statistics.OutputFaults);
        Assert.Equal([(Pin, false), (Pin, true), (Pin, false)], driver.Edges);
    }

    [Fact]
    public void Nothing_is_allocated_per_sample()
    {
        var source = new DelegateSampleSource(1, sample => sample[0] = 1);
        using var monitor = new SensorMonitor(source, new SensorMonitorOptions { StuckSamples = 0 }, time);
        using ModelSlot slot = host.CreateSlot();
        using var loop = new DecisionLoop(monitor, slot, Options() with { WindowLength = 16, Features = [Feature.Mean], Filter = new() { Votes = 3, Hysteresis = 0.1f } }, [pin], time);
        for (int i = 0; i < 100; i++)
        {
            loop.Step();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            loop.Step();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1, loop.Label);
    }

    [Fact]
    public void Outputs_show_what_they_are_told()
    {
        var inverted = new PinOutput(controller, 4, label: 2, activeLow: true, safeOn: true);
        Assert.False(driver.Levels[4]);
        inverted.Apply(1);
        Assert.True(driver.Levels[4]);
        inverted.Apply(2);
        Assert.False(driver.Levels[4]);
        inverted.Dispose();
        Assert.False(driver.IsOpen(4));

        var channel = new RecordingPwmChannel();
        var pwm = new PwmOutput(channel, [0.1, 0.9], 0.05);
        pwm.Apply(1);
        pwm.Apply(7);
        pwm.Apply(0);
        Assert.True(channel.IsRunning);
        pwm.Dispose();
        Assert.False(channel.IsRunning);
        Assert.Equal([0.05, 0.9, 0.05, 0.1, 0.05], channel.DutyCycles);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PwmOutput(channel, [1.1]));
    }

    [Fact]
    public void A_model_for_another_window_is_refused()
    {
        using var monitor = new SensorMonitor(new ScriptedSource(1, (_, _) => { }));
        using ModelSlot slot = host.CreateSlot();
        var exception = Assert.Throws<ArgumentException>(() => new DecisionLoop(monitor, slot, Options() with { WindowLength = 3 }, []));
        Assert.Contains("3 values", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loop_stops_on_the_real_clock_and_leaves_the_safe_state()
    {
        using var monitor = new SensorMonitor(new ScriptedSource(1, (i, values) => values[0] = 1));
        using ModelSlot slot = host.CreateSlot();
        using var loop = new DecisionLoop(monitor, slot, Options() with { Period = TimeSpan.FromMilliseconds(1) }, [pin, new CallbackOutput(labels.Add)]);
        using var stop = new CancellationTokenSource();
        Task run = Task.Factory.StartNew(() => loop.Run(stop.Token), TaskCreationOptions.LongRunning);
        SpinWait.SpinUntil(() => loop.Statistics.Decisions >= 20, TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await run;
        Assert.True(loop.Statistics.Decisions >= 20);
        Assert.Equal([1, CallbackOutput.Safe], labels);
        Assert.False(driver.Levels[Pin]);
        Assert.True(loop.Statistics.Turns >= 20);
    }

    private static DecisionLoopOptions Options() => new() { Period = Period };

    private DecisionLoop Loop(Action<int, float[]> read, int samples, Func<DecisionLoopOptions, DecisionLoopOptions>? change = null)
    {
        using var stop = new CancellationTokenSource();
        var source = new ScriptedSource(1, (i, values) =>
        {
            read(i, values);
            if (i == samples - 1)
            {
                stop.Cancel();
            }
        });
        using var monitor = new SensorMonitor(source, time: time);
        using ModelSlot slot = host.CreateSlot();
        var loop = new DecisionLoop(monitor, slot, (change ?? (same => same))(Options()), [pin, new CallbackOutput(labels.Add)], time);
        loop.Run(stop.Token);
        return loop;
    }
}
