using System.Globalization;
using EdgeInference.Devices.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Tests;

/// <summary>
/// Faults and recoveries of a sensor as tables, worked by hand: a line of reads (a number, "e" for a failed read, "n" for NaN) and
/// a line of what the monitor says (".", B bus error, S stuck, O out of range, N not present).
/// </summary>
public sealed class DeviceSensorFaultTests
{
    private static readonly SensorMonitorOptions Options = new() { RetryInterval = TimeSpan.Zero };

    private readonly FakeTimeProvider time = new();

    [Theory]

    // tolerated errors, stuck, recovery.
    [InlineData(0, 0, 1, "1 e 2 3", ". B . .")]
    [InlineData(0, 0, 2, "1 e 2 3 4", ". B B . .")]
    [InlineData(0, 0, 3, "1 e 2 3 4 5", ". B B B . .")]
    [InlineData(0, 0, 3, "1 e 2 3 e 4 5 6 7", ". B B B B B B . .")]
    [InlineData(0, 0, 3, "1 e 2 3 n 4 5 6 7", ". B B B O O O . .")]
    [InlineData(0, 0, 3, "1 n 2 3 n 4 5 6 7", ". O O O O O O . .")]
    [InlineData(0, 0, 2, "1 2", ". .")]
    [InlineData(1, 0, 1, "1 e 2 e 3", ". . . . .")]
    [InlineData(1, 0, 1, "1 e e 2", ". . B .")]
    [InlineData(2, 0, 1, "1 e e 2 e e e", ". . . . . . B")]
    [InlineData(2, 0, 1, "e 1 e", "B . .")]
    [InlineData(1, 0, 3, "1 e e 2 e 3 4 5", ". . B B B B B .")]
    [InlineData(1, 0, 1, "1 e n e 2", ". . O B .")]
    [InlineData(0, 2, 1, "1 1 2", ". S .")]
    [InlineData(0, 3, 1, "1 1 1 1 2 2 2", ". . S S . . S")]
    [InlineData(0, 3, 1, "1 1 2 2 3 3", ". . . . . .")]
    [InlineData(0, 3, 1, "0 0 0", ". . S")]
    [InlineData(0, 3, 2, "1 1 1 2 3", ". . S S .")]
    [InlineData(0, 3, 1, "1 1 n 1 1 1", ". . O . . S")]
    [InlineData(0, 0, 1, "1 1 1 1 1 1 1 1 1 1", ". . . . . . . . . .")]
    public void Reads_give_faults(int tolerated, int stuck, int recovery, string reads, string faults)
    {
        SensorMonitorOptions options = Options with { ToleratedErrors = tolerated, StuckSamples = stuck, RecoverySamples = recovery };
        Run run = Read(options, reads);
        Assert.Equal(faults, run.Faults);
        string[] read = reads.Split(' ');
        string[] said = faults.Split(' ');
        Assert.Equal(said.Zip(read).Count(pair => pair is (".", not "e")), run.Monitor.Samples);
        Assert.Equal(read.Count(value => value == "e"), run.Monitor.FailedReads);
        Assert.Equal(said.Where((fault, i) => i > 0 && fault == "." && said[i - 1] != ".").Count(), run.Monitor.Recoveries);
        foreach ((SensorFault kind, string letter) in new[] { (SensorFault.BusError, "B"), (SensorFault.Stuck, "S"), (SensorFault.OutOfRange, "O"), (SensorFault.NotPresent, "N") })
        {
            Assert.Equal(said.Where((fault, i) => fault == letter && (i == 0 || said[i - 1] != letter)).Count(), run.Monitor.Count(kind));
        }
    }

    [Fact]
    public void A_bridged_read_gives_the_last_good_sample()
    {
        Run run = Read(Options with { ToleratedErrors = 2 }, "1 2 e e 3 e");
        Assert.Equal([1f, 2f, 2f, 2f, 3f, 3f], run.Values);
        Assert.Equal("Remote I/O error.", run.Monitor.LastError);
    }

    [Theory]
    [InlineData(10f, true)]
    [InlineData(-10f, true)]
    [InlineData(0f, true)]
    [InlineData(10.000001f, false)]
    [InlineData(-10.000001f, false)]
    [InlineData(float.NaN, false)]
    public void A_value_at_the_end_of_the_range_is_in_it(float value, bool good)
    {
        SensorMonitorOptions options = Options with { Minimum = -10f, Maximum = 10f };
        for (int channel = 0; channel < 3; channel++)
        {
            int at = channel;
            using var monitor = new SensorMonitor(new DelegateSampleSource(3, sample =>
            {
                sample.Clear();
                sample[at] = value;
            }), options, time);
            Assert.Equal(good ? SensorFault.None : SensorFault.OutOfRange, monitor.Read(new float[3]));
        }
    }

    [Theory]
    [InlineData(float.MaxValue, true)]
    [InlineData(float.MinValue, true)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(float.NegativeInfinity, false)]
    public void Without_a_range_every_finite_value_is_good(float value, bool good)
    {
        using var monitor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = value), Options, time);
        Assert.Equal(good, monitor.Read(new float[1]) == SensorFault.None);
    }

    [Fact]
    public void A_sensor_is_stuck_only_when_all_channels_hold_still()
    {
        float[][] samples = [[1, 1], [1, 2], [1, 2], [2, 2], [2, 2], [2, 2]];
        int next = 0;
        using var monitor = new SensorMonitor(new DelegateSampleSource(2, sample => samples[next++].CopyTo(sample)), Options with { StuckSamples = 3 }, time);
        float[] room = new float[2];
        SensorFault[] faults = [.. samples.Select(_ => monitor.Read(room))];
        Assert.Equal([SensorFault.None, SensorFault.None, SensorFault.None, SensorFault.None, SensorFault.None, SensorFault.Stuck], faults);
    }

    [Fact]
    public void A_failed_read_waits_for_the_interval_and_starts_the_sensor_again()
    {
        int reads = 0;
        var source = new ScriptedSource(1, (_, values) => values[0] = reads++ == 1 ? throw new IOException("gone") : reads);
        using var monitor = new SensorMonitor(source, new SensorMonitorOptions(), time);
        var room = new float[1];
        Assert.Equal(SensorFault.None, monitor.Read(room));
        Pass(500);
        Assert.Equal(SensorFault.BusError, monitor.Read(room));
        Pass(999);
        Assert.Equal(SensorFault.BusError, monitor.Read(room));
        Assert.Equal((1, 2), (source.Starts, reads));
        Assert.Equal("gone", monitor.LastError);
        Pass(1);
        Assert.Equal(SensorFault.None, monitor.Read(room));
        Assert.Equal((2, 3), (source.Starts, reads));
        Assert.Null(monitor.LastError);
        Assert.Equal(SensorFault.None, monitor.Fault);
    }

    [Fact]
    public void A_missing_sensor_is_looked_for_at_the_interval_and_not_more_often()
    {
        var source = new ScriptedSource(1, (i, values) => values[0] = i) { IsMissing = true };
        using var monitor = new SensorMonitor(source, new SensorMonitorOptions { RetryInterval = TimeSpan.FromMilliseconds(40) }, time);
        var startedAt = new List<int>();
        for (int millisecond = 0; millisecond <= 125; millisecond++)
        {
            int before = source.Starts;
            Assert.Equal(SensorFault.NotPresent, monitor.Read(new float[1]));
            if (source.Starts > before)
            {
                startedAt.Add(millisecond);
            }

            Pass(1);
        }

        Assert.Equal([0, 40, 80, 120], startedAt);
        Assert.Equal((0L, 1L, 0), (monitor.Samples, monitor.Count(SensorFault.NotPresent), source.Reads));
    }

    [Fact]
    public void A_stuck_sensor_is_started_again_when_the_interval_since_its_start_is_over()
    {
        var source = new ScriptedSource(1, (_, values) => values[0] = 7);
        using var monitor = new SensorMonitor(source, new SensorMonitorOptions { StuckSamples = 2 }, time);
        var room = new float[1];
        monitor.Read(room);
        Assert.Equal(SensorFault.Stuck, monitor.Read(room));
        Pass(999);
        monitor.Read(room);
        monitor.Read(room);
        Assert.Equal(1, source.Starts);
        Pass(1);
        monitor.Read(room);
        Assert.Equal(1, source.Starts);
        Assert.Equal(SensorFault.Stuck, monitor.Read(room));
        Assert.Equal(2, source.Starts);
        Assert.Equal(1, monitor.Count(SensorFault.Stuck));
    }

    [Fact]
    public void A_sensor_that_gets_stuck_late_is_not_started_again_at_once()
    {
        int read = 0;
        var source = new ScriptedSource(1, (_, values) => values[0] = Math.Min(read++, 2));
        using var monitor = new SensorMonitor(source, new SensorMonitorOptions { StuckSamples = 2 }, time);
        var room = new float[1];
        for (int i = 0; i < 3; i++)
        {
            Pass(5000);
            Assert.Equal(SensorFault.None, monitor.Read(room));
        }

        Assert.Equal(SensorFault.Stuck, monitor.Read(room));
        monitor.Read(room);
        Assert.Equal(1, source.Starts);
    }

    [Theory]
    [InlineData(typeof(IOException), true)]
    [InlineData(typeof(TimeoutException), true)]
    [InlineData(typeof(UnauthorizedAccessException), true)]
    [InlineData(typeof(InvalidOperationException), true)]
    [InlineData(typeof(PlatformNotSupportedException), true)]
    [InlineData(typeof(ArgumentException), true)]
    [InlineData(typeof(NullReferenceException), true)]
    [InlineData(typeof(NotSupportedException), true)]
    [InlineData(typeof(OperationCanceledException), true)]
    [InlineData(typeof(InvalidCastException), true)]
    [InlineData(typeof(OutOfMemoryException), false)]
    public void Whatever_a_sensor_throws_is_a_fault_and_only_lost_memory_ends_the_loop(Type error, bool isFault)
    {
        string text = error == typeof(PlatformNotSupportedException) || !error.IsAssignableTo(typeof(ArgumentException)) && !error.IsAssignableTo(typeof(NullReferenceException)) && error != typeof(NotSupportedException)
            && error != typeof(OperationCanceledException) && error != typeof(InvalidCastException) ? "m" : $"{error.Name}: m";
        Exception Error() => (Exception)Activator.CreateInstance(error, "m")!;
        using var reading = new SensorMonitor(new DelegateSampleSource(1, _ => throw Error()), Options, time);
        using var starting = new SensorMonitor(new DelegateSampleSource(1, _ => { }, () => throw Error()), Options, time);
        if (isFault)
        {
            Assert.Equal((SensorFault.BusError, SensorFault.NotPresent), (reading.Read(new float[1]), starting.Read(new float[1])));
            Assert.Equal((text, text), (reading.LastError, starting.LastError));
        }
        else
        {
            Assert.Throws(error, () => reading.Read(new float[1]));
            Assert.Throws(error, () => starting.Read(new float[1]));
        }
    }

    [Fact]
    public void A_monitor_owns_its_source()
    {
        var device = new RegisterI2cDevice();
        var layout = new I2cSensorLayout { DataRegister = 0, Channels = [new(0, RegisterEncoding.UInt8), new(1, RegisterEncoding.UInt8)], ChannelNames = ["a", "b"] };
        var monitor = new SensorMonitor(new I2cSampleSource(device, layout));
        Assert.Equal(2, monitor.Channels);
        Assert.Equal(["a", "b"], monitor.ChannelNames);
        monitor.Dispose();
        Assert.True(device.IsDisposed);
    }

    private Run Read(SensorMonitorOptions options, string reads)
    {
        string[] script = reads.Split(' ');
        var source = new ScriptedSource(1, (i, values) => values[0] = script[i] switch
        {
            "e" => throw new IOException("Remote I/O error."),
            "n" => float.NaN,
            string number => float.Parse(number, CultureInfo.InvariantCulture),
        });
        var monitor = new SensorMonitor(source, options, time);
        var room = new float[1];
        var faults = new List<string>();
        var values = new List<float>();
        foreach (string _ in script)
        {
            room[0] = 77f;
            SensorFault fault = monitor.Read(room);
            Assert.Equal(fault, monitor.Fault);
            values.Add(room[0]);
            faults.Add(fault switch { SensorFault.None => ".", SensorFault.BusError => "B", SensorFault.Stuck => "S", SensorFault.OutOfRange => "O", _ => "N" });
        }

        return new Run(string.Join(' ', faults), values, monitor);
    }

    private void Pass(int milliseconds) => time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private sealed record Run(string Faults, List<float> Values, SensorMonitor Monitor);
}
