using EdgeInference.Devices.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Tests;

/// <summary>A slow sensor on a thread of its own, as its monitor and a loop see it; the sensor is stopped in each call until the test lets it go on.</summary>
public sealed class BackgroundSourceTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    private readonly FakeTimeProvider time = new();
    private readonly SlowSource sensor = new();
    private readonly BackgroundSampleSource source;
    private readonly float[] sample = new float[1];
    private SensorMonitor monitor;

    public BackgroundSourceTests()
    {
        source = new BackgroundSampleSource(sensor, Interval, Limit, time);
        monitor = new SensorMonitor(source, new SensorMonitorOptions { RetryInterval = TimeSpan.FromSeconds(1) }, time);
    }

    public void Dispose()
    {
        sensor.Release(1000);
        monitor.Dispose();
    }

    [Fact]
    public void A_loop_gets_the_latest_sample_at_once_and_the_sensor_is_read_at_its_own_interval()
    {
        Assert.Equal(SensorFault.Starting, monitor.Read(sample));
        SpinUntil(() => sensor.Starts == 1);
        Assert.Equal(SensorFault.Starting, monitor.Read(sample));
        Open();
        Assert.Equal((SensorFault.None, 1f), Read());
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal((SensorFault.None, 1f), Read());
        }

        Assert.Equal(1, sensor.Reads);
        Measure();
        Assert.Equal((SensorFault.None, 2f), Read());
        Assert.Equal((102L, 0L, 0L, 0L), (monitor.Samples, monitor.Recoveries, monitor.FailedReads, monitor.Count(SensorFault.Starting)));
        Assert.Null(monitor.LastError);
        Assert.Equal((2, 1), (sensor.Reads, sensor.Starts));
    }

    [Fact]
    public void The_loops_side_allocates_nothing()
    {
        Begin();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            monitor.Read(sample);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Repeats_of_a_slow_sensor_are_not_stuck_and_repeats_of_the_sensor_itself_are()
    {
        Use(new SensorMonitorOptions { StuckSamples = 3 });
        sensor.Value = _ => 20.5f;
        Begin();
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(SensorFault.None, monitor.Read(sample));
        }

        Measure();
        Assert.Equal(SensorFault.None, monitor.Read(sample));
        Measure();
        Assert.Equal(SensorFault.Stuck, monitor.Read(sample));
        Assert.Equal(SensorFault.Stuck, monitor.Read(sample));
        Assert.Equal(1, monitor.Count(SensorFault.Stuck));
    }

    [Fact]
    public void A_sensor_that_is_missing_is_not_present_and_is_started_again_at_the_interval()
    {
        sensor.StartError = new IOException("No such device.");
        monitor.Read(sample);
        Open(reads: 0);
        Assert.Equal(SensorFault.NotPresent, monitor.Read(sample));
        Assert.Equal("No such device.", monitor.LastError);
        Assert.Equal(1, monitor.Count(SensorFault.NotPresent));
        Assert.Equal(SensorFault.NotPresent, monitor.Read(sample));
        Assert.Equal(1, sensor.Starts);
        sensor.StartError = null;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SensorFault.NotPresent, monitor.Read(sample));
        Open();
        Assert.Equal((SensorFault.None, 1f), Read());
        Assert.Equal((2, 1L), (sensor.Starts, monitor.Recoveries));
        Assert.Null(monitor.LastError);
    }

    [Fact]
    public void A_failed_read_is_a_bus_error_once_and_the_sensor_is_started_again()
    {
        Begin();
        sensor.ReadError = new TimeoutException("No answer.");
        Measure();
        Assert.Equal(SensorFault.BusError, monitor.Read(sample));
        Assert.Equal("No answer.", monitor.LastError);
        Assert.Equal(SensorFault.BusError, monitor.Read(sample));
        Assert.Equal((1L, 1L), (monitor.FailedReads, monitor.Count(SensorFault.BusError)));
        sensor.ReadError = null;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SensorFault.BusError, monitor.Read(sample));
        Open();
        Assert.Equal(SensorFault.None, monitor.Read(sample));
        Assert.Equal((2, 1L), (sensor.Starts, monitor.Recoveries));
    }

    [Fact]
    public void Tolerated_errors_are_counted_in_measurements_though_the_loop_sees_the_last_sample_between_them()
    {
        Use(new SensorMonitorOptions { ToleratedErrors = 2 });
        Begin();
        sensor.ReadError = new IOException("Wrong checksum.");
        for (int failed = 1; failed <= 2; failed++)
        {
            Measure();
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal((SensorFault.None, 1f), Read());
            }

            Assert.Equal(failed, monitor.FailedReads);
        }

        Measure();
        Assert.Equal(SensorFault.BusError, monitor.Read(sample));
    }

    [Fact]
    public void A_driver_that_hangs_does_not_stop_the_loop_and_its_old_sample_becomes_a_fault()
    {
        Begin();
        time.Advance(Interval);
        SpinUntil(() => sensor.Reads == 2);
        time.Advance(Limit - Interval);
        Assert.Equal((SensorFault.None, 1f), Read());
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(SensorFault.BusError, monitor.Read(sample));
        Assert.Equal("The sensor's last sample is 8.001 s old, and at most 8.0 s are allowed: its driver does not return.", monitor.LastError);

        // A start waits for the driver, and takes too long.
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SensorFault.BusError, monitor.Read(sample));
        time.Advance(Limit);
        Assert.Equal(SensorFault.BusError, monitor.Read(sample));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(SensorFault.NotPresent, monitor.Read(sample));
        Assert.Equal("The sensor has not started within 8.0 s: its driver does not return.", monitor.LastError);
        Assert.Equal((1, 2), (sensor.Starts, sensor.Reads));

        // It returns: the start that was asked for is carried out, and its first sample is a new one.
        sensor.Release();
        Open();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SensorFault.None, monitor.Read(sample));
        Assert.Equal((3f, 2), (sample[0], sensor.Starts));
    }

    [Fact]
    public void A_sample_of_before_a_start_is_never_given()
    {
        Begin();
        source.Start();
        SpinUntil(() => sensor.Starts == 2);
        Assert.Equal("The sensor is still being started.", Assert.Throws<IOException>(() => source.Read(sample)).Message);
        sensor.ReadError = new IOException("No answer.");
        Open();
        Assert.Equal("No answer.", Assert.Throws<IOException>(() => source.Read(sample)).Message);
        Assert.Equal("The sensor has given no sample since its start.", Assert.Throws<IOException>(() => source.Read(sample)).Message);
    }

    [Fact]
    public void A_channel_that_the_slow_sensor_leaves_out_is_named()
    {
        using var two = new BackgroundSampleSource(new DelegateSampleSource(2, values => values[0] = 1f), Interval, Limit, time);
        using var watching = new SensorMonitor(two, new SensorMonitorOptions { RetryInterval = TimeSpan.FromHours(1) }, time);
        float[] values = new float[2];
        SpinUntil(() => watching.Read(values) != SensorFault.Starting);
        Assert.Equal((SensorFault.OutOfRange, "The sensor did not fill channel 2 of 2."), (watching.Fault, watching.LastError));
    }

    [Fact]
    public void Lost_memory_ends_the_loop_and_not_the_thread()
    {
        Begin();
        sensor.ReadError = new InsufficientMemoryException();
        Measure();
        Assert.Throws<InsufficientMemoryException>(() => monitor.Read(sample));
    }

    [Fact]
    public void The_end_of_the_source_ends_the_thread_and_closes_the_sensor()
    {
        Begin();
        source.Dispose();
        source.Dispose();
        Assert.Equal(1, sensor.Disposals);
        Assert.Throws<ObjectDisposedException>(source.Start);
        var never = new SlowSource();
        new BackgroundSampleSource(never, Interval, Limit, time).Dispose();
        Assert.Equal((0, 1), (never.Starts, never.Disposals));
    }

    [Fact]
    public void A_driver_that_hangs_holds_up_the_end_for_a_moment_and_is_closed_when_it_returns()
    {
        Begin();
        time.Advance(Interval);
        SpinUntil(() => sensor.Reads == 2);
        source.Dispose();
        Assert.Equal(0, sensor.Disposals);
        sensor.Release();
        SpinUntil(() => sensor.Disposals == 1);
    }

    [Fact]
    public void Times_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackgroundSampleSource(sensor, TimeSpan.Zero, Limit));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackgroundSampleSource(sensor, Interval, Interval));
        Assert.Throws<IOException>(() => new BackgroundSampleSource(sensor, Interval, Limit).Read(sample));
    }

    private static void SpinUntil(Func<bool> done) => Assert.True(SpinWait.SpinUntil(done, TimeSpan.FromSeconds(60)));

    private void Use(SensorMonitorOptions options) => monitor = new SensorMonitor(source, options, time);

    // Started, and one measurement made.
    private void Begin()
    {
        monitor.Read(sample);
        Open();
        Assert.Equal(SensorFault.None, monitor.Read(sample));
    }

    private void Open(int reads = 1)
    {
        int answered = source.Answered;
        sensor.Release(1 + reads);
        SpinUntil(() => source.Answered > answered);
    }

    private void Measure()
    {
        int measurements = source.Measurements;
        sensor.Release();
        time.Advance(Interval);
        SpinUntil(() => source.Measurements > measurements);
    }

    private (SensorFault Fault, float Value) Read() => (monitor.Read(sample), sample[0]);
}
