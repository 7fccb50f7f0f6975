using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

/// <summary>How many good reads a loop needs before it decides, at its start and behind a fault: recovery, window and votes, each counted anew.</summary>
public sealed class DeviceLoopRecoveryTests
{
    private const int Safe = DecisionFilter.Undecided;

    public static TheoryData<int, int, int, int, int> Counts()
    {
        var rows = new TheoryData<int, int, int, int, int>();
        foreach (int recovery in new[] { 1, 3 })
        {
            foreach ((int window, int hop) in new[] { (1, 1), (4, 1), (4, 2), (4, 4), (5, 3) })
            {
                foreach (int votes in new[] { 1, 2, 3, 4 })
                {
                    // Faults in each phase: in the first window, between two votes, while a label stands.
                    foreach (int faultAt in new[] { 1, window - 1, window, window + hop, window + (votes * hop), 40 })
                    {
                        rows.Add(recovery, window, hop, votes, faultAt);
                    }
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void A_label_stands_after_exactly_the_reads_that_it_needs(int recovery, int window, int hop, int votes, int faultAt)
    {
        // Reads from the first one delivered to the last vote.
        int needed = window + ((votes - 1) * hop);
        using var run = new Fixture(TestModels.Above(0.5f, 100f), i => i == faultAt ? float.NaN : 1f, new() { RecoverySamples = recovery }, Options(window, hop, votes));
        for (int i = 0; i < faultAt + recovery + needed + 10; i++)
        {
            run.Loop.Step();
            bool stands = i < faultAt ? i + 1 >= needed : i > faultAt && i - faultAt >= recovery - 1 + needed;
            Assert.True((stands ? 1 : Safe) == run.Loop.Label, $"read {i}: {run.Loop.Label}");
        }
    }

    [Fact]
    public void Votes_from_before_a_fault_do_not_count()
    {
        // Two votes for 1 before the fault; behind it two for 0 and one for 1.
        float[] reads = [1, 1, float.NaN, 0, 0, 1, 0];
        using var run = new Fixture(TestModels.Above(0.5f, 100f), i => reads[i], new(), Options(1, 1, 3));
        int[] labels = [.. reads.Select(_ => run.Step())];
        Assert.Equal([Safe, Safe, Safe, Safe, Safe, Safe, 0], labels);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(0, 0)]
    public void A_read_that_fails_is_bridged_as_often_as_is_tolerated(int tolerated, int failures)
    {
        using var run = new Fixture(
            TestModels.Above(0.5f, 100f), i => i > 5 && i <= 5 + failures ? throw new IOException() : 1f, new() { ToleratedErrors = tolerated, RetryInterval = TimeSpan.Zero }, Options(3, 1, 1));
        for (int i = 0; i < 20; i++)
        {
            run.Step();
        }

        Assert.Equal((1, 1L, 18L, (long)failures), (run.Loop.Label, run.Loop.Statistics.Changes, run.Loop.Statistics.Decisions, run.Sensor.FailedReads));
    }

    [Fact]
    public void Outputs_go_to_their_safe_state_with_the_read_that_fails()
    {
        using var run = new Fixture(TestModels.Above(0.5f, 100f), i => i == 3 ? throw new IOException() : i >= 6 ? 0f : 1f, new() { RetryInterval = TimeSpan.Zero }, Options(1, 1, 1));
        int[] labels = [.. Enumerable.Range(0, 8).Select(_ => run.Step())];
        Assert.Equal([1, 1, 1, Safe, 1, 1, 0, 0], labels);
        Assert.Equal([1, CallbackOutput.Safe, 1, 0], run.Outputs);
        Assert.Equal((4L, 7L), (run.Loop.Statistics.Changes, run.Loop.Statistics.Decisions));
        run.Loop.Dispose();
        Assert.Equal([1, CallbackOutput.Safe, 1, 0, CallbackOutput.Safe], run.Outputs);
    }

    [Fact]
    public void The_safe_state_is_shown_from_the_first_read_on()
    {
        using var run = new Fixture(TestModels.Above(0.5f, 100f), _ => 1f, new(), Options(3, 1, 1));
        Assert.Empty(run.Outputs);
        run.Step();
        Assert.Equal([CallbackOutput.Safe], run.Outputs);
        run.Step();
        run.Step();
        run.Step();
        Assert.Equal([CallbackOutput.Safe, 1], run.Outputs);
    }

    [Fact]
    public void A_value_that_is_not_finite_starts_votes_and_window_anew()
    {
        // The square of 3e38 is beyond float32, and each read is good.
        float[] reads = [1, 1, 1, 3e38f, 1, 1, 1, 1];
        using var run = new Fixture(TestModels.Create(), i => reads[i], new(), Options(2, 1, 2) with { Features = [Feature.Rms] });
        int[] labels = [.. reads.Select(_ => run.Step())];
        Assert.Equal([Safe, Safe, 1, Safe, Safe, Safe, 1, 1], labels);
        Assert.Equal(1, run.Loop.Statistics.NotFinite);
    }

    [Fact]
    public void Text_and_label_of_the_class_are_those_that_stand()
    {
        using var run = new Fixture(TestModels.Described(["still", "shaking"], ["x"], weight: 100f, bias: -50f), i => i == 2 ? float.NaN : i == 1 ? 0f : 1f, new(), Options(1, 1, 1) with { Features = [] });
        Assert.Equal((null, false), (run.Loop.ClassText, run.Loop.IsDeciding));
        run.Step();
        Assert.Equal(("shaking", true), (run.Loop.ClassText, run.Loop.IsDeciding));
        run.Step();
        Assert.Equal(("still", true), (run.Loop.ClassText, run.Loop.IsDeciding));
        run.Step();
        Assert.Equal((null, false), (run.Loop.ClassText, run.Loop.IsDeciding));
        using var numbers = new Fixture(TestModels.Above(0.5f, 100f), _ => 1f, new(), Options(1, 1, 1));
        numbers.Step();
        Assert.Equal("1", numbers.Loop.ClassText);
    }

    private static DecisionLoopOptions Options(int window, int hop, int votes) =>
        new() { Period = TimeSpan.FromMilliseconds(10), WindowLength = window, Hop = hop, Features = window == 1 ? [] : [Feature.Mean], Filter = new() { Votes = votes } };

    private sealed class Fixture : IDisposable
    {
        private readonly ModelHost host;
        private readonly ModelSlot slot;

        internal Fixture(byte[] model, Func<int, float> read, SensorMonitorOptions sensor, DecisionLoopOptions options)
        {
            host = new ModelHost(EdgeModel.Load(model), 1);
            slot = host.CreateSlot();
            int reads = 0;
            Sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = read(reads++), channelNames: ["x"]), sensor);
            Loop = new DecisionLoop(Sensor, slot, options, [new CallbackOutput(Outputs.Add)]);
        }

        internal SensorMonitor Sensor { get; }

        internal DecisionLoop Loop { get; }

        internal List<int> Outputs { get; } = [];

        internal int Step()
        {
            Loop.Step();
            return Loop.Label;
        }

        public void Dispose()
        {
            Loop.Dispose();
            slot.Dispose();
            Sensor.Dispose();
            host.Dispose();
        }
    }
}
