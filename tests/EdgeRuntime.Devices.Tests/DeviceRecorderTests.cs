using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

/// <summary>Which rows a recording has: their times, their values, their texts.</summary>
public sealed class DeviceRecorderTests : IDisposable
{
    private static readonly DecisionLoopOptions Options = new() { Period = TimeSpan.FromMilliseconds(10) };

    private readonly string folder = Directory.CreateTempSubdirectory("edge-rows").FullName;
    private readonly FakeTime time = new();

    private string Table => Path.Combine(folder, "rows.csv");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]

    // A sample at 0, 10, 20 ...: those before the end.
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(10.1, 2)]
    [InlineData(20, 2)]
    [InlineData(95, 10)]
    [InlineData(100, 10)]
    [InlineData(101, 11)]
    public void A_sample_is_taken_each_period_until_the_end(double milliseconds, int rows)
    {
        var readAt = new List<double>();
        long start = time.GetTimestamp();
        LoopRecorder recorder = Recorder(i =>
        {
            readAt.Add(time.GetElapsedTime(start).TotalMilliseconds);
            return i;
        });
        Assert.Equal(rows, recorder.Record(Table, "still", TimeSpan.FromMilliseconds(milliseconds)));
        Assert.Equal(Enumerable.Range(0, rows).Select(i => 10.0 * i), readAt);
        Assert.Equal(["x,label", .. Enumerable.Range(0, rows).Select(i => $"{i},still")], File.ReadAllLines(Table));
    }

    [Fact]
    public void Rows_of_two_classes_stand_below_one_header()
    {
        Assert.Equal(2, Recorder(i => i + 0.5f).Record(Table, "a,b", TimeSpan.FromMilliseconds(20)));
        Assert.Equal(1, Recorder(i => 1e-20f).Record(Table, " c\"", TimeSpan.FromMilliseconds(10)));
        Assert.Equal("x,label\n0.5,\"a,b\"\n1.5,\"a,b\"\n1E-20,\" c\"\"\"\n", File.ReadAllText(Table));
    }

    [Theory]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("a\tb", "\"a\tb\"")]
    [InlineData("a b", "a b")]
    [InlineData("a ", "\"a \"")]
    [InlineData("ä", "ä")]
    public void A_text_that_a_reader_could_cut_stands_in_quotes(string label, string cell)
    {
        Recorder(_ => 1f).Record(Table, label, TimeSpan.FromMilliseconds(10));
        Assert.Equal($"x,label\n1,{cell}\n", File.ReadAllText(Table));
    }

    [Fact]
    public void A_window_gives_a_row_each_hop_and_starts_anew_behind_a_fault()
    {
        DecisionLoopOptions options = Options with { WindowLength = 4, Hop = 2, Features = [Feature.Mean] };
        LoopRecorder recorder = Recorder(i => i == 9 ? float.NaN : i, options);

        // Windows end at 3, 5, 7; behind the fault at 9 the next one ends at 13, then 15.
        Assert.Equal(5, recorder.Record(Table, "s", TimeSpan.FromMilliseconds(170)));
        Assert.Equal(["x_mean,label", "1.5,s", "3.5,s", "5.5,s", "11.5,s", "13.5,s"], File.ReadAllLines(Table));
        Assert.Equal(["x_mean"], recorder.Names);
    }

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(0, 2, true)]
    [InlineData(2, 3, false)]
    [InlineData(2, 4, true)]
    public void A_window_breaks_where_more_samples_are_missed_than_are_tolerated(int tolerated, int periodsBusy, bool breaks)
    {
        DecisionLoopOptions options = Options with { WindowLength = 3, Features = [Feature.Mean], ToleratedMisses = tolerated };
        LoopRecorder recorder = Recorder(
            i =>
            {
                time.Pass(i == 5 ? periodsBusy * options.Period : TimeSpan.Zero);
                return i;
            },
            options);
        int missed = periodsBusy - 1;
        long rows = recorder.Record(Table, "s", TimeSpan.FromMilliseconds((12 + missed) * 10));
        Assert.Equal(12 - 2 - (breaks ? 2 : 0), rows);
    }

    [Fact]
    public void Every_recording_starts_with_a_new_window()
    {
        LoopRecorder recorder = Recorder(i => i, Options with { WindowLength = 3, Features = [Feature.Mean] });
        Assert.Equal(0, recorder.Record(Table, "s", TimeSpan.FromMilliseconds(20)));
        Assert.False(File.Exists(Table));
        Assert.Equal(0, recorder.Record(Table, "s", TimeSpan.FromMilliseconds(20)));
        Assert.Equal(1, recorder.Record(Table, "s", TimeSpan.FromMilliseconds(30)));
    }

    [Fact]
    public void A_row_that_is_not_finite_is_counted_and_breaks_the_window()
    {
        // The square of 3e38 is beyond float32.
        LoopRecorder recorder = Recorder(i => i == 4 ? 3e38f : 2f, Options with { WindowLength = 3, Features = [Feature.Rms] });
        Assert.Equal(4, recorder.Record(Table, "s", TimeSpan.FromMilliseconds(90)));
        Assert.Equal(1, recorder.NotFinite);
        Assert.Equal(["x_rms,label", "2,s", "2,s", "2,s", "2,s"], File.ReadAllLines(Table));
    }

    [Fact]
    public void Samples_of_a_window_are_named_by_channel_and_number_the_oldest_first()
    {
        int read = 0;
        using var sensor = new SensorMonitor(new DelegateSampleSource(2, sample => (sample[0], sample[1]) = (++read, -read), channelNames: ["x", "y"]), time: time);
        var recorder = new LoopRecorder(sensor, Options with { WindowLength = 2 }, time);
        recorder.Record(Table, "s", TimeSpan.FromMilliseconds(30));
        Assert.Equal("x_0,y_0,x_1,y_1,label\n1,-1,2,-2,s\n2,-2,3,-3,s\n", File.ReadAllText(Table));
    }

    [Fact]
    public void A_stop_ends_the_recording_with_the_rows_so_far()
    {
        using var stop = new CancellationTokenSource();
        LoopRecorder recorder = Recorder(i =>
        {
            if (i == 3)
            {
                stop.Cancel();
            }

            return i;
        });
        Assert.Equal(4, recorder.Record(Table, "s", TimeSpan.FromHours(1), stop.Token));
        Assert.Equal(5, File.ReadAllLines(Table).Length);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("x,label\n", true)]
    [InlineData("x,label\r\n", true)]
    [InlineData("x,label", false)]
    [InlineData("x,label\n1,s", false)]
    [InlineData("y,label\n", false)]
    [InlineData("x,label,more\n", false)]
    public void A_table_goes_on_where_it_is_whole_and_has_the_columns(string before, bool taken)
    {
        File.WriteAllText(Table, before);
        LoopRecorder recorder = Recorder(_ => 1f);
        if (taken)
        {
            Assert.Equal(1, recorder.Record(Table, "s", TimeSpan.FromMilliseconds(10)));
            Assert.Equal((before.Length == 0 ? "x,label\n" : before) + "1,s\n", File.ReadAllText(Table));
        }
        else
        {
            Assert.Throws<InvalidDataException>(() => recorder.Record(Table, "s", TimeSpan.FromMilliseconds(10)));
            Assert.Equal(before, File.ReadAllText(Table));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    public void A_class_has_a_text_of_one_line(string label)
    {
        Assert.Throws<ArgumentException>(() => Recorder(_ => 1f).Record(Table, label, TimeSpan.FromMilliseconds(10)));
        Assert.False(File.Exists(Table));
    }

    [Theory]
    [InlineData("", "does not name its channels")]
    [InlineData("label", "are not all different")]
    [InlineData("x,x", "are not all different")]
    [InlineData("x,label", "are not all different")]
    [InlineData("x,y", null)]
    public void Columns_have_names_of_their_own(string channels, string? refusal)
    {
        string[] names = channels.Split(',', StringSplitOptions.RemoveEmptyEntries);
        using var sensor = new SensorMonitor(new DelegateSampleSource(Math.Max(1, names.Length), _ => { }, channelNames: names));
        Exception? exception = Record.Exception(() => new LoopRecorder(sensor, Options));
        Assert.Equal(refusal is null, exception is null);
        Assert.Contains(refusal ?? "", exception?.Message ?? "", StringComparison.Ordinal);
    }

    private LoopRecorder Recorder(Func<int, float> read, DecisionLoopOptions? options = null)
    {
        int reads = 0;
        return new LoopRecorder(new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = read(reads++), channelNames: ["x"]), time: time), options ?? Options, time);
    }
}
