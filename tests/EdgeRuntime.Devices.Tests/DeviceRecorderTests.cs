using System.Diagnostics;
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
        Assert.Equal((missed, breaks ? 1 : 0), (recorder.MissedSamples, recorder.Gaps));
    }

    [Fact]
    public void Missed_samples_are_said_with_the_windows_that_they_broke()
    {
        int[] busy = [0, 0, 0, 2, 0, 0, 4, 0, 0, 0];
        LoopRecorder recorder = Recorder(i =>
        {
            time.Pass(busy[i % busy.Length] * Options.Period);
            return i;
        });
        recorder.Record(Table, "s", TimeSpan.FromMilliseconds(140));
        Assert.Equal(["4 samples were missed, 1 window was started again."], recorder.Notes);
    }

    [Fact]
    public void Faults_of_the_sensor_are_counted_and_said_with_the_reason_of_the_last()
    {
        LoopRecorder recorder = Recorder(i => i is 3 or 4 ? float.NaN : i is 7 ? throw new IOException("Remote I/O error.") : i);
        Assert.Equal(5, recorder.Record(Table, "s", TimeSpan.FromMilliseconds(90)));
        Assert.Equal(2, recorder.SensorFaults);
        Assert.Equal(["The sensor was at fault 2 times (last: BusError: Remote I/O error); the window was started again each time."], recorder.Notes);
    }

    [Fact]
    public void Reads_that_were_bridged_are_said()
    {
        int reads = 0;
        using var sensor = new SensorMonitor(
            new DelegateSampleSource(1, sample => sample[0] = reads++ == 2 ? throw new IOException() : reads, channelNames: ["x"]),
            new SensorMonitorOptions { ToleratedErrors = 1 },
            time);
        var recorder = new LoopRecorder(sensor, Options, time);
        Assert.Equal(4, recorder.Record(Table, "s", TimeSpan.FromMilliseconds(40)));
        Assert.Equal(["1 read failed and took the sample before (ToleratedErrors)."], recorder.Notes);
        Assert.Equal(["x,label", "1,s", "2,s", "2,s", "4,s"], File.ReadAllLines(Table));
    }

    [Fact]
    public void A_recording_that_lacks_nothing_says_nothing()
    {
        LoopRecorder recorder = Recorder(i => i);
        recorder.Record(Table, "s", TimeSpan.FromMilliseconds(90));
        Assert.Empty(recorder.Notes);
    }

    [Fact]
    public void Samples_stand_beside_their_times_and_a_fault_is_a_row_without_values()
    {
        // The fault lasts for three samples; the fourth read takes until the ninth is due.
        LoopRecorder recorder = Recorder(
            i =>
            {
                time.Pass(i == 6 ? 4 * Options.Period : TimeSpan.Zero);
                return i is >= 2 and <= 4 ? float.NaN : i + 0.5f;
            },
            Options with { WindowLength = 4, Features = [Feature.Mean] });
        Assert.Equal(7, recorder.RecordSamples(Table, "a,b", TimeSpan.FromMilliseconds(120)));
        Assert.Equal(
            ["time,x,label", "0,0.5,\"a,b\"", "0.01,1.5,\"a,b\"", "0.02,,\"a,b\"", "0.05,5.5,\"a,b\"", "0.06,6.5,\"a,b\"", "0.1,7.5,\"a,b\"", "0.11,8.5,\"a,b\""],
            File.ReadAllLines(Table));
        Assert.Equal((3, 1, 1), (recorder.MissedSamples, recorder.Gaps, recorder.SensorFaults));
    }

    [Fact]
    public void Rows_are_in_the_file_while_the_recording_goes_on()
    {
        // A kill -9 of the process loses the last second at most, not all rows.
        using var stop = new CancellationTokenSource();
        var limit = Stopwatch.StartNew();
        long seen = 0;
        LoopRecorder recorder = Recorder(i =>
        {
            if (i % 100 == 99)
            {
                // The test's own hundred samples take no time; a row waits for a second of real time.
                Thread.Sleep(10);
                seen = File.Exists(Table) ? new FileInfo(Table).Length : 0;
                if (seen > 0 || limit.Elapsed > TimeSpan.FromMinutes(1))
                {
                    stop.Cancel();
                }
            }

            return i;
        });
        long rows = recorder.Record(Table, "s", TimeSpan.FromDays(1000), stop.Token);
        Assert.True(seen > 0, "No row was written before the end.");
        Assert.Equal(rows + 1, File.ReadAllLines(Table).Length);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(8, 0)]
    [InlineData(11, 0)]
    [InlineData(12, 1)]
    [InlineData(25, 4)]
    [InlineData(1000, 248)]
    public void A_full_disk_ends_the_recording_with_one_sentence_and_whole_rows(int room, int rows)
    {
        // "x,label\n" has 8 bytes, each row 4.
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = 1, channelNames: ["x"]), time: time);
        var recorder = new LoopRecorder(sensor, Options, time, new FullDisk(room).Create);
        var exception = Assert.Throws<IOException>(() => recorder.Record(Table, "s", TimeSpan.FromDays(100)));
        Assert.Equal($"{Table} takes no more rows: No space left on device; the {rows} rows that it got are whole.", exception.Message);
        string text = File.ReadAllText(Table);
        Assert.Equal(room < 8 ? "" : "x,label\n" + string.Concat(Enumerable.Repeat("1,s\n", rows)), text);

        // What is there goes on when there is room again.
        Assert.Equal(1, Recorder(_ => 2f).Record(Table, "s", TimeSpan.FromMilliseconds(10)));
    }

    [Theory]
    [InlineData("x,label\n1,s\n2", "x,label\n1,s\n", "had no line break, so it was incomplete; it is cut off: 2")]
    [InlineData("x,label\n1,s", "x,label\n", "it is cut off: 1,s")]
    [InlineData("x,la", "x,label\n", "The header of ")]
    [InlineData("x,label", "x,label\n", null)]
    public void A_table_that_was_not_written_to_its_end_goes_on_with_whole_rows(string before, string kept, string? note)
    {
        File.WriteAllText(Table, before);
        LoopRecorder recorder = Recorder(_ => 7f);
        Assert.Equal(1, recorder.Record(Table, "t", TimeSpan.FromMilliseconds(10)));
        Assert.Equal(kept + "7,t\n", File.ReadAllText(Table));
        Assert.Equal(note is null, recorder.Notes.Count == 0);
        Assert.Contains(note ?? "", string.Concat(recorder.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_table_is_cut_at_its_last_line_break()
    {
        string whole = "x,label\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i},s\n"));
        File.WriteAllText(Table, whole + new string('1', 9000));
        Assert.Equal(1, Recorder(_ => 7f).Record(Table, "t", TimeSpan.FromMilliseconds(10)));
        Assert.Equal(whole + "7,t\n", File.ReadAllText(Table));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_said_before_anything_is_recorded()
    {
        string path = Path.Combine(folder, "no", "rows.csv");
        var exception = Assert.Throws<DirectoryNotFoundException>(() => Recorder(_ => throw new InvalidOperationException("It was read.")).Record(path, "s", TimeSpan.FromMilliseconds(10)));
        Assert.Equal($"There is no folder '{Path.Combine(folder, "no")}' for {path}; make it, or record to another.", exception.Message);
    }

    [Fact]
    public void A_pipe_is_no_table()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Tool.Run("mkfifo", Table) == 0, "There is no mkfifo.");
        Assert.Equal($"{Table} is no ordinary file; record to one.", Assert.Throws<IOException>(() => Recorder(_ => 1f).Record(Table, "s", TimeSpan.FromMilliseconds(10))).Message);
    }

    [Theory]
    [InlineData("time")]
    [InlineData("label")]
    [InlineData("x,x")]
    public void Samples_have_columns_of_their_own(string channels)
    {
        string[] names = channels.Split(',');
        using var sensor = new SensorMonitor(new DelegateSampleSource(names.Length, _ => { }, channelNames: names), time: time);
        Assert.Contains("are not all different", Assert.Throws<ArgumentException>(() => new LoopRecorder(sensor, Options, time).RecordSamples(Table, "s", Options.Period)).Message, StringComparison.Ordinal);
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
    [InlineData("y,label\n", false)]
    [InlineData("x,label,more\n", false)]
    [InlineData("y,label\n1", false)]
    [InlineData("y", false)]
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
    [InlineData("x\ny", "has a line break")]
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
