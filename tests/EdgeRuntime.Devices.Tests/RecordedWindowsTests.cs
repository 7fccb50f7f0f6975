using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

/// <summary>
/// A recorder writes the windows that a loop decides on, and its samples replayed give them again: on scripts of late wake-ups,
/// reads that take long, faults, NaN and values whose features are not finite, at random.
/// </summary>
public sealed class RecordedWindowsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-windows").FullName;

    public static TheoryData<int> Scripts => [.. Enumerable.Range(0, 40)];

    private string Table => Path.Combine(folder, "rows.csv");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_recorder_writes_the_windows_that_a_loop_sees(int seed)
    {
        (List<string> seen, LoopStatistics statistics) = Loop(new Script(seed));
        LoopRecorder recorder = Record(new Script(seed), (recorder, stop) => recorder.Record(Table, "s", TimeSpan.FromDays(1), stop));
        Assert.Equal(seen, File.ReadAllLines(Table)[1..].Select(row => row[..row.LastIndexOf(',')]));
        Assert.Equal((statistics.MissedSamples, statistics.Gaps, statistics.NotFinite), (recorder.MissedSamples, recorder.Gaps, recorder.NotFinite));
        Assert.NotEmpty(seen);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Samples_that_are_replayed_give_the_windows_that_a_loop_saw(int seed)
    {
        var script = new Script(seed);
        (List<string> seen, LoopStatistics statistics) = Loop(script);
        Record(new Script(seed), (recorder, stop) => recorder.RecordSamples(Table, "s", TimeSpan.FromDays(1), stop));
        List<string> replayed = [];
        using var host = new ModelHost(EdgeModel.Load(TestModels.Create(script.Inputs, 1e-3f)), 1);
        using ModelSlot slot = host.CreateSlot();
        using var replay = new LoopReplay(Table, Script.Channels, script.Options) { Decided = values => Take(replayed, values) };
        ReplaySummary summary = replay.Run(slot, []);
        Assert.True(replay.IsSamples);
        Assert.Equal(seen, replayed);
        Assert.Equal((statistics.Decisions, statistics.NotFinite), (summary.Loop.Decisions, summary.Loop.NotFinite));
    }

    [Fact]
    public void The_scripts_have_what_they_are_for()
    {
        List<LoopStatistics> all = [.. Scripts.Select(seed => Loop(new Script(seed.Data)).Statistics)];
        Assert.Contains(all, statistics => statistics.MissedSamples > statistics.Gaps && statistics.Gaps > 2);
        Assert.Contains(all, statistics => statistics.NotFinite > 0);
        Assert.Contains(all, statistics => statistics.Changes > 4);
    }

    // A loop would not decide on a row that is not finite, and a recorder leaves it out.
    private static void Take(List<string> rows, float[] values)
    {
        if (values.All(float.IsFinite))
        {
            rows.Add(string.Join(',', values));
        }
    }

    private static (List<string> Windows, LoopStatistics Statistics) Loop(Script script)
    {
        List<string> windows = [];
        var input = new LoopInput(Script.Channels.Length, Script.Channels, script.Options);
        using var host = new ModelHost(EdgeModel.Load(TestModels.Create(input.Values.Length, 1e-3f)), 1);
        using ModelSlot slot = host.CreateSlot();
        using SensorMonitor sensor = script.Sensor();
        using var loop = new DecisionLoop(sensor, slot, script.Options, [], script.Time, input);
        long decisions = 0;
        script.BeforeRead = Look;
        loop.Run(script.Stop.Token);
        Look();
        return (windows, loop.Statistics);

        // The window of the last decision stays until the next one.
        void Look()
        {
            if (loop.Statistics.Decisions > decisions)
            {
                decisions = loop.Statistics.Decisions;
                Take(windows, input.Values);
            }
        }
    }

    private static LoopRecorder Record(Script script, Action<LoopRecorder, CancellationToken> record)
    {
        using SensorMonitor sensor = script.Sensor();
        var recorder = new LoopRecorder(sensor, script.Options, script.Time);
        record(recorder, script.Stop.Token);
        return recorder;
    }

    // What happens at each read and at each wait, the same for whoever asks.
    private sealed class Script
    {
        private const int Reads = 400;

        private readonly Random reads;
        private int count;

        internal Script(int seed)
        {
            var random = new Random(seed);
            int length = random.Next(1, 9);
            Feature[] features = length < 2 || random.Next(4) == 0 ? [] : [Feature.Mean, Feature.Rms];
            Options = new DecisionLoopOptions { Period = TimeSpan.FromMilliseconds(10), WindowLength = length, Hop = random.Next(1, length + 1), Features = features, ToleratedMisses = random.Next(4) };
            Inputs = Channels.Length * (features.Length == 0 ? length : features.Length);
            reads = new Random(random.Next());
            var waits = new Random(random.Next());
            Time.Lateness = () => TimeSpan.FromMilliseconds(waits.Next(20) == 0 ? waits.Next(60) : waits.Next(3));
        }

        internal static string[] Channels => ["x", "y"];

        internal DecisionLoopOptions Options { get; }

        internal int Inputs { get; }

        internal FakeTime Time { get; } = new();

        internal CancellationTokenSource Stop { get; } = new();

        internal Action BeforeRead { get; set; } = () => { };

        internal SensorMonitor Sensor() => new(
            new DelegateSampleSource(Channels.Length, Read, channelNames: Channels),
            new SensorMonitorOptions { ToleratedErrors = 1, RecoverySamples = 2, RetryInterval = TimeSpan.FromMilliseconds(25) },
            Time);

        private void Read(Span<float> sample)
        {
            BeforeRead();
            if (++count == Reads)
            {
                Stop.Cancel();
            }

            Time.Pass(TimeSpan.FromMilliseconds(reads.Next(25) == 0 ? reads.Next(80) : 0));
            int kind = reads.Next(60);
            sample[0] = kind == 0 ? float.NaN : kind == 1 ? 3e38f : reads.NextSingle();
            sample[1] = kind is 2 or 3 ? throw new IOException("Remote I/O error.") : -reads.NextSingle();
        }
    }
}
