using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;
using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Tests;

/// <summary>When a loop samples, which deadlines it leaves out, and what its watchdog makes of it. The expected times are worked in whole milliseconds.</summary>
public sealed class DeviceLoopTimingTests : IDisposable
{
    private const int Period = 10;
    private static readonly DecisionLoopOptions Options = new() { Period = TimeSpan.FromMilliseconds(Period) };

    private readonly FakeTime time = new();
    private readonly ModelHost host = new(EdgeModel.Load(TestModels.Above(0.5f, 100f)), 1);
    private readonly List<int> labels = [];

    public void Dispose() => host.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(39)]
    [InlineData(40)]
    [InlineData(71)]
    public void Deadlines_that_passed_are_counted_and_left_out_but_for_the_last(int busy)
    {
        // The third read takes so long. Of the deadlines that pass meanwhile the last one is sampled, late; nothing is queued.
        int third = 2 * Period;
        int end = third + busy;
        int passed = 0;
        int next = third + Period;
        for (int deadline = third + Period; deadline <= end; deadline += Period)
        {
            passed++;
            next = deadline;
        }

        int missed = Math.Max(0, passed - 1);
        int[] expected = [0, Period, third, Math.Max(next, end), next + Period, next + (2 * Period)];
        Run run = Loop(6, i => i == 2 ? busy : 0);
        Assert.Equal(expected, run.ReadAt);
        Assert.Equal(missed, run.Loop.Statistics.MissedSamples);
        var timings = new LoopTiming[10];
        Assert.Equal((6, 6L), (run.Loop.Statistics.TakeTimings(timings), run.Loop.Statistics.Turns));
        Assert.Equal([0, 0, 0, expected[3] - next, 0, 0], timings[..6].Select(timing => (int)timing.Lateness.TotalMilliseconds));

        // A read that starts late lasts no longer for it.
        Assert.Equal([0, 0, busy, 0, 0, 0], timings[..6].Select(timing => (int)timing.Duration.TotalMilliseconds));
    }

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(0, 2, true)]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, true)]
    [InlineData(2, 3, false)]
    [InlineData(2, 4, true)]
    public void A_window_breaks_where_more_deadlines_are_missed_than_are_tolerated(int tolerated, int periodsBusy, bool breaks)
    {
        Run run = Loop(12, i => i == 6 ? periodsBusy * Period : 0, Options with { WindowLength = 3, Features = [Feature.Mean], ToleratedMisses = tolerated });
        Assert.Equal(periodsBusy - 1, run.Loop.Statistics.MissedSamples);
        Assert.Equal(breaks ? 1 : 0, run.Loop.Statistics.Gaps);

        // Two reads of a new window decide nothing.
        Assert.Equal(12 - 2 - (breaks ? 2 : 0), run.Loop.Statistics.Decisions);

        // The label that stands is held: the sensor is good.
        Assert.Equal([CallbackOutput.Safe, 1, CallbackOutput.Safe], labels);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void A_gap_starts_the_models_own_state_anew(bool gap, int last)
    {
        // Decides for 1 where the sum of all samples since the start of the state is above 0.
        float[] values = [5f, 5f, -1f];
        using var summing = new ModelHost(EdgeModel.Load(TestModels.Summing()), 1);
        Run run = Loop(3, i => i == 1 && gap ? 5 * Period : 0, Options, i => values[i], summing);
        Assert.Equal(last, run.LastLabel);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(15)]
    [InlineData(25)]
    [InlineData(1000)]
    public void A_loop_that_turns_in_time_has_no_expiration(int timeout)
    {
        Run run = Loop(500, i => i % 7, Options with { WatchdogTimeout = TimeSpan.FromMilliseconds(timeout) });
        Assert.Equal(0, run.Loop.Statistics.WatchdogExpirations);
        Assert.Equal([1, CallbackOutput.Safe], labels);
    }

    [Theory]
    [InlineData(99, 0)]
    [InlineData(100, 1)]
    [InlineData(450, 1)]
    public void A_read_that_hangs_for_the_timeout_is_an_expiration(int hang, int expirations)
    {
        Run run = Loop(10, i => i == 4 ? hang : 0, Options with { WatchdogTimeout = TimeSpan.FromMilliseconds(100) });
        Assert.Equal(expirations, run.Loop.Statistics.WatchdogExpirations);
        int[] acted = expirations == 0 ? [1, CallbackOutput.Safe] : [1, CallbackOutput.Safe, 1, CallbackOutput.Safe];
        Assert.Equal(acted, labels);
    }

    [Fact]
    public void Each_hang_is_an_expiration_and_outputs_come_back_behind_each()
    {
        Run run = Loop(20, i => i is 4 or 9 or 10 ? 150 : 0, Options with { WatchdogTimeout = TimeSpan.FromMilliseconds(100) });
        Assert.Equal(3, run.Loop.Statistics.WatchdogExpirations);
        Assert.Equal(4, labels.Count(label => label == CallbackOutput.Safe));
        Assert.Equal(4, labels.Count(label => label == 1));
    }

    [Fact]
    public void Without_a_watchdog_a_hang_goes_unnoticed()
    {
        Run run = Loop(10, i => i == 4 ? 100_000 : 0);
        Assert.Equal(0, run.Loop.Statistics.WatchdogExpirations);
        Assert.Equal([1, CallbackOutput.Safe], labels);
    }

    [Fact]
    public void The_watchdog_ends_with_the_loop()
    {
        Run run = Loop(10, _ => 0, Options with { WatchdogTimeout = TimeSpan.FromMilliseconds(100) });
        time.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(0, run.Loop.Statistics.WatchdogExpirations);
        Assert.Equal([1, CallbackOutput.Safe], labels);
    }

    [Fact]
    public void An_output_that_fails_at_an_expiration_is_counted_and_hides_no_other()
    {
        var failing = new FailingOutput();
        Run run = Loop(10, i => i == 4 ? 200 : 0, Options with { WatchdogTimeout = TimeSpan.FromMilliseconds(100) }, outputs: [failing]);

        // One at the expiration, one at the end of the run, one at the disposal.
        Assert.Equal((1L, 3L, 3), (run.Loop.Statistics.WatchdogExpirations, run.Loop.Statistics.OutputFaults, failing.Safes));
        Assert.Equal([1, CallbackOutput.Safe, 1, CallbackOutput.Safe], labels);
    }

    [Fact]
    public void A_period_below_the_clocks_step_is_one_step()
    {
        var coarse = new CoarseTime();
        using var stop = new CancellationTokenSource();
        var readAt = new List<long>();
        using var sensor = new SensorMonitor(
            new DelegateSampleSource(1, _ =>
            {
                readAt.Add(coarse.GetTimestamp());
                coarse.Advance(TimeSpan.FromMilliseconds(1));
                if (readAt.Count == 5)
                {
                    stop.Cancel();
                }
            }),
            time: coarse);
        using ModelSlot slot = host.CreateSlot();
        using var loop = new DecisionLoop(sensor, slot, Options with { Period = TimeSpan.FromTicks(1) }, [], coarse);
        loop.Run(stop.Token);
        Assert.Equal([0, 1, 2, 3, 4], readAt.Select(at => at - readAt[0]));
        Assert.Equal(0, loop.Statistics.MissedSamples);
    }

    [Fact]
    public void A_loop_that_was_cancelled_before_it_runs_reads_nothing()
    {
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, _ => Assert.Fail("It was read.")), time: time);
        using ModelSlot slot = host.CreateSlot();
        using var loop = new DecisionLoop(sensor, slot, Options, [new CallbackOutput(labels.Add)], time);
        loop.Run(new CancellationToken(canceled: true));
        Assert.Equal([CallbackOutput.Safe], labels);
        Assert.Equal(0, loop.Statistics.Turns);
        Assert.Null(loop.SinceTurn);
    }

    [Fact]
    public void A_loop_that_is_disposed_lets_go_of_its_slot()
    {
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, _ => { }), time: time);
        using ModelSlot slot = host.CreateSlot();
        var loop = new DecisionLoop(sensor, slot, Options, [], time);
        Assert.NotNull(slot.Requirement);
        loop.Dispose();
        Assert.Null(slot.Requirement);
        Assert.Throws<ArgumentException>(() => new DecisionLoop(sensor, slot, Options, [new PwmOutput(new RecordingPwmChannel(), [0, 1, 0.5])], time));
        Assert.Null(slot.Requirement);
    }

    private Run Loop(int reads, Func<int, int> busyMilliseconds, DecisionLoopOptions? options = null, Func<int, float>? value = null, ModelHost? model = null, IDecisionOutput[]? outputs = null)
    {
        using var stop = new CancellationTokenSource();
        long start = time.GetTimestamp();
        var readAt = new List<int>();
        int lastLabel = DecisionFilter.Undecided;
        var source = new ScriptedSource(1, (i, values) =>
        {
            readAt.Add((int)time.GetElapsedTime(start).TotalMilliseconds);
            values[0] = value?.Invoke(i) ?? 1f;
            time.Pass(TimeSpan.FromMilliseconds(busyMilliseconds(i)));
            if (i == reads - 1)
            {
                stop.Cancel();
            }
        });
        using var sensor = new SensorMonitor(source, time: time);
        using ModelSlot slot = (model ?? host).CreateSlot();
        IDecisionOutput[] all = [.. outputs ?? [], new CallbackOutput(label =>
        {
            labels.Add(label);
            lastLabel = label == CallbackOutput.Safe ? lastLabel : label;
        })];
        using var loop = new DecisionLoop(sensor, slot, options ?? Options, all, time);
        loop.Run(stop.Token);
        return new Run([.. readAt], loop, lastLabel);
    }

    private sealed record Run(int[] ReadAt, DecisionLoop Loop, int LastLabel);

    // A clock that counts milliseconds.
    private sealed class CoarseTime : FakeTimeProvider
    {
        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => base.GetTimestamp() / TimeSpan.TicksPerMillisecond;
    }

    private sealed class FailingOutput : IDecisionOutput
    {
        internal int Safes { get; private set; }

        public void Apply(int label)
        {
        }

        public void ApplySafe()
        {
            Safes++;
            throw new IOException();
        }
    }
}
