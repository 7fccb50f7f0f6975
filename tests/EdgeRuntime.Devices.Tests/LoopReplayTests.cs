using System.Device.Gpio;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

/// <summary>What a loop does with a recording: in its time, with its outputs, compared with its labels.</summary>
public sealed class LoopReplayTests : IDisposable
{
    private static readonly DecisionLoopOptions Options = new() { Period = TimeSpan.FromMilliseconds(10) };

    private readonly string folder = Directory.CreateTempSubdirectory("edge-replay").FullName;
    private readonly List<ReplayedDecision> changes = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_change_has_its_time_its_line_and_its_level()
    {
        List<string> levels = [];
        using var gpio = new GpioController(new SimulatedGpioDriver(levels.Add));
        using var pin = new PinOutput(gpio, 18, "high");
        ReplaySummary summary = Replay("time,x,label\n0,0,low\n0.01,1,high\n0.02,1,high\n0.03,0,high\n", Options, [pin]);
        Assert.Equal([(0, 2, "low"), (10, 3, "high"), (30, 5, "low")], changes.Select(change => ((int)change.Time.TotalMilliseconds, change.Line, change.ClassText)));
        Assert.Equal(["GPIO 18: low", "GPIO 18: high", "GPIO 18: low"], levels);
        Assert.Equal((4, 4, 3, 4, 3), (summary.Rows, summary.Loop.Decisions, summary.Changes, summary.Labelled, summary.Agreeing));
        Assert.Equal([[1, 0, 0], [1, 2, 0]], summary.Confusion);
        Assert.Empty(summary.Notes);
    }

    [Fact]
    public void A_label_is_held_in_the_time_of_the_recording()
    {
        DecisionLoopOptions options = Options with { Filter = new DecisionFilterOptions { MinimumHold = TimeSpan.FromMilliseconds(35) } };
        Replay("time,x\n0,0\n0.01,1\n0.02,1\n0.03,1\n0.04,1\n", options, []);
        Assert.Equal([0, 40], changes.Select(change => (int)change.Time.TotalMilliseconds));
    }

    [Fact]
    public void Rows_of_windows_are_a_hop_apart_and_begin_at_the_model()
    {
        DecisionLoopOptions options = Options with { WindowLength = 4, Hop = 2, Features = [Feature.Mean] };
        ReplaySummary summary = Replay("label,x_mean\nlow,0\nhigh,1\n", options, [], feature: "x_mean");
        Assert.Equal([30, 50], changes.Select(change => (int)change.Time.TotalMilliseconds));
        Assert.Equal((2, 2), (summary.Labelled, summary.Agreeing));
    }

    [Fact]
    public void A_fault_is_the_safe_state_until_the_next_row()
    {
        Replay("time,x\n0,1\n0.01,\n0.05,1\n", Options, []);
        Assert.Equal([(0, "high"), (10, null), (50, "high")], changes.Select(change => ((int)change.Time.TotalMilliseconds, change.ClassText)));
    }

    [Theory]
    [InlineData(2, "0.03", 0, 1)]
    [InlineData(2, "0.04", 1, 0)]
    [InlineData(0, "0.02", 1, 0)]
    [InlineData(0, "0.01", 0, 1)]
    public void A_window_breaks_where_more_samples_are_missing_than_are_tolerated(int tolerated, string second, int gaps, int decisions)
    {
        ReplaySummary summary = Replay($"time,x\n0,1\n{second},1\n", Options with { WindowLength = 2, ToleratedMisses = tolerated }, [], feature: null);
        Assert.Equal((gaps, decisions), (summary.Loop.Gaps, summary.Loop.Decisions));
    }

    [Fact]
    public void No_window_spans_two_recordings()
    {
        ReplaySummary summary = Replay("time,x\n0,1\n0.01,1\n0,1\n0.01,1\n", Options with { WindowLength = 2 }, [], feature: null);
        Assert.Equal((2, 1), (summary.Loop.Decisions, summary.Breaks));
    }

    [Fact]
    public void Labels_that_are_no_class_are_said_and_not_compared()
    {
        ReplaySummary summary = Replay("time,x,label\n0,1,hihg\n0.01,1,high\n", Options, []);
        Assert.Equal((1, 1), (summary.Labelled, summary.Agreeing));
        Assert.Equal(["Decisions on rows with the label 'hihg', which is no class of the model, are not compared: 1."], summary.Notes);
    }

    [Fact]
    public void A_last_row_without_a_line_break_is_left_out_and_said()
    {
        ReplaySummary summary = Replay("x,label\n1,high\n1,hi", Options, []);
        Assert.Equal(1, summary.Rows);
        Assert.Contains("has no line break, so it may be incomplete; it is left out.", Assert.Single(summary.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_are_taken_by_name_in_any_order_and_the_others_are_named()
    {
        using var replay = new LoopReplay(Written("b,y,time,\"a, b\",label\n9,1,0,2,s\n"), ["a, b", "y"], Options);
        Assert.Equal(["b"], replay.LeftOut);
        List<string> values = [];
        replay.Decided = row => values.Add(string.Join(' ', row));
        using var host = new ModelHost(EdgeModel.Load(TestModels.Create(2)), 1);
        using ModelSlot slot = host.CreateSlot();
        replay.Run(slot, []);
        Assert.Equal(["2 1"], values);
    }

    [Theory]
    [InlineData("y,label\n", "has the columns [y, label]; a recording of these settings has [x_mean], or with --samples [time, x]. Missing: x_mean.")]
    [InlineData("time,y,label\n", "Missing: x.")]
    [InlineData("", "has the columns []")]
    [InlineData("time,x,x\n", "has a column twice")]
    public void A_table_of_other_columns_is_refused_with_both_lists(string text, string refusal) =>
        Assert.Contains(refusal, Assert.Throws<InvalidDataException>(() => new LoopReplay(Written(text), ["x"], Options with { WindowLength = 2, Features = [Feature.Mean] })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("time,x\n0,1\n0.013,1\n", "line 3: the time '0.013' is none of a recording with a period of 10 ms")]
    [InlineData("time,x\n0,1\n1e12,1\n", "line 3: the time '1e12'")]
    [InlineData("time,x\n-0.01,1\n", "line 2: the time '-0.01'")]
    [InlineData("time,x\nNaN,1\n", "line 2: the time 'NaN'")]
    [InlineData("time,x\nnow,1\n", "line 2: the time 'now'")]
    [InlineData("time,x\n0,one\n", "line 2: 'one' is no number")]
    [InlineData("time,x\n0,1e39\n", "line 2: '1e39' is no number")]
    [InlineData("x\nNaN\n", "line 2: 'NaN' is no number")]
    [InlineData("x\n\n\"\"\n", "line 3: '' is no number")]
    [InlineData("time,x\n0,1,2\n", "line 2 has 3 cells and the header has 2")]
    public void A_row_that_is_none_of_a_recording_is_refused_by_its_line(string text, string refusal) =>
        Assert.Contains(refusal, Assert.Throws<InvalidDataException>(() => Replay(text, Options, [])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_recording_of_another_period_is_refused()
    {
        // Each time is a multiple of 10 ms, and no two rows are 10 ms apart.
        var exception = Assert.Throws<InvalidDataException>(() => Replay("time,x\n0,1\n0.02,1\n0.04,1\n", Options, []));
        Assert.Contains("no two rows are a period, 10 ms, apart", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_ends_a_replay_in_real_time()
    {
        using var stop = new CancellationTokenSource();
        using var replay = new LoopReplay(Written("time,x\n0,1\n0.01,0\n100000,1\n"), ["x"], Options);
        using var host = new ModelHost(EdgeModel.Load(TestModels.Above(0.5f, 100f)), 1);
        using ModelSlot slot = host.CreateSlot();
        ReplaySummary summary = replay.Run(slot, [], change => stop.CancelAfter(change.Line == 3 ? 0 : Timeout.Infinite), inRealTime: true, stop.Token);
        Assert.Equal(2, summary.Loop.Decisions);
    }

    private string Written(string text)
    {
        string path = Path.Combine(folder, "rows.csv");
        File.WriteAllText(path, text);
        return path;
    }

    private ReplaySummary Replay(string text, DecisionLoopOptions options, IReadOnlyList<IDecisionOutput> outputs, string? feature = "x")
    {
        using var replay = new LoopReplay(Written(text), ["x"], options);
        byte[] model = feature is null ? TestModels.Create(options.WindowLength) : TestModels.Described(["low", "high"], [feature], weight: 100f, bias: -50f);
        using var host = new ModelHost(EdgeModel.Load(model), 1);
        using ModelSlot slot = host.CreateSlot();
        return replay.Run(slot, outputs, changes.Add);
    }
}
