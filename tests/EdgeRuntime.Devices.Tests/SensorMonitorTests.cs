using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

public class SensorMonitorTests
{
    private readonly FakeTime time = new();
    private readonly float[] sample = new float[1];

    [Fact]
    public void A_sensor_that_is_missing_at_start_is_tried_again_at_the_interval_and_recovers()
    {
        var source = new ScriptedSource(1, (i, values) => values[0] = i) { IsMissing = true };
        var monitor = new SensorMonitor(source, new SensorMonitorOptions { RetryInterval = TimeSpan.FromSeconds(1), RecoverySamples = 2 }, time);
        for (int i = 0; i < 25; i++)
        {
            Assert.Equal(SensorFault.NotPresent, monitor.Read(sample));
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(3, source.Starts);
        Assert.Equal(1, monitor.Count(SensorFault.NotPresent));
        Assert.Equal("No such device.", monitor.LastError);

        source.IsMissing = false;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SensorFault.NotPresent, monitor.Read(sample));
        Assert.Equal(SensorFault.None, monitor.Read(sample));
        Assert.Equal(1, monitor.Recoveries);
        Assert.Null(monitor.LastError);
    }

    [Fact]
    public void A_bus_error_is_a_fault_and_the_sensor_is_set_up_again()
    {
        var device = new RegisterI2cDevice();
        device.Registers[0x75] = 0x68;
        using var monitor = new SensorMonitor(
            new I2cSampleSource(device, I2cSensorLayout.Mpu6050Acceleration), new SensorMonitorOptions { RetryInterval = TimeSpan.FromSeconds(1) }, time);
        float[] three = new float[3];
        Assert.Equal(SensorFault.None, monitor.Read(three));
        device.Unplugged = true;
        Assert.Equal(SensorFault.BusError, monitor.Read(three));
        Assert.Equal(SensorFault.BusError, monitor.Read(three));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SensorFault.NotPresent, monitor.Read(three));
        Array.Clear(device.Registers, 0x6B, 1);
        device.Unplugged = false;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SensorFault.None, monitor.Read(three));
        Assert.Equal(0x01, device.Registers[0x6B]);
        Assert.Equal((1L, 1L, 1L, 1L), (monitor.Count(SensorFault.BusError), monitor.Count(SensorFault.NotPresent), monitor.FailedReads, monitor.Recoveries));
    }

    [Fact]
    public void Tolerated_errors_are_bridged_with_the_last_sample_and_counted()
    {
        var source = new ScriptedSource(1, (i, values) => values[0] = i is 1 or 2 or 4 or 5 or 6 ? throw new IOException() : i);
        var monitor = new SensorMonitor(source, new SensorMonitorOptions { ToleratedErrors = 2 }, time);
        var seen = new List<(SensorFault, float)>();
        for (int i = 0; i < 7; i++)
        {
            seen.Add((monitor.Read(sample), sample[0]));
        }

        Assert.Equal([(SensorFault.None, 0), (SensorFault.None, 0), (SensorFault.None, 0), (SensorFault.None, 3), (SensorFault.None, 3), (SensorFault.None, 3)], seen[..6]);
        Assert.Equal(SensorFault.BusError, seen[6].Item1);
        Assert.Equal(5, monitor.FailedReads);
    }

    [Fact]
    public void A_stuck_value_is_found_and_restarts_the_sensor()
    {
        var source = new ScriptedSource(1, (i, values) => values[0] = i < 3 ? i : i < 10 ? 2 : i);
        var monitor = new SensorMonitor(source, new SensorMonitorOptions { StuckSamples = 4, RetryInterval = TimeSpan.FromSeconds(1) }, time);
        var faults = new List<SensorFault>();
        for (int i = 0; i < 11; i++)
        {
            faults.Add(monitor.Read(sample));
            time.Advance(TimeSpan.FromMilliseconds(300));
        }

        Assert.All(faults[..5], fault => Assert.Equal(SensorFault.None, fault));
        Assert.All(faults[5..10], fault => Assert.Equal(SensorFault.Stuck, fault));
        Assert.Equal(SensorFault.None, faults[10]);
        Assert.Equal(1, monitor.Count(SensorFault.Stuck));
        Assert.True(source.Starts > 1);
    }

    [Fact]
    public void A_value_that_cannot_be_is_a_fault()
    {
        float[] script = [0, float.NaN, 0, 11, -11, float.PositiveInfinity, 10];
        var source = new ScriptedSource(1, (i, values) => values[0] = script[i]);
        var monitor = new SensorMonitor(source, new SensorMonitorOptions { Minimum = -10, Maximum = 10 }, time);
        bool[] good = [.. script.Select(_ => monitor.Read(sample) == SensorFault.None)];
        Assert.Equal([true, false, true, false, false, false, true], good);
        Assert.Equal(2, monitor.Count(SensorFault.OutOfRange));
        Assert.Equal(2, monitor.Recoveries);
    }

    [Fact]
    public void A_channel_that_the_sensor_leaves_out_is_a_fault_that_names_it()
    {
        var options = new SensorMonitorOptions { Minimum = -10, Maximum = 10 };
        var named = new SensorMonitor(new DelegateSampleSource(3, values => values[0] = values[2] = 1f, channelNames: ["x", "y", "z"]), options, time);
        float[] three = [5f, 5f, 5f];
        Assert.Equal(SensorFault.OutOfRange, named.Read(three));
        Assert.Equal("The sensor did not fill channel 'y'.", named.LastError);
        var unnamed = new SensorMonitor(new DelegateSampleSource(3, values => values[0] = 1f), options, time);
        Assert.Equal(SensorFault.OutOfRange, unnamed.Read(three));
        Assert.Equal("The sensor did not fill channel 2 of 3.", unnamed.LastError);
    }

    [Fact]
    public void A_sensor_that_fills_more_than_its_channels_is_a_fault()
    {
        var monitor = new SensorMonitor(new DelegateSampleSource(1, values => values[0] = values[1] = 1f), time: time);
        Assert.Equal(SensorFault.BusError, monitor.Read(new float[8]));
        Assert.StartsWith("IndexOutOfRangeException: ", monitor.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_out_of_range_is_told_with_its_channel()
    {
        float[][] script = [[1, float.NaN], [1, 11.5f], [-12, 0], [1, 2]];
        var texts = new List<string?>();
        var monitor = new SensorMonitor(new ScriptedSource(2, (i, values) => script[i].CopyTo(values, 0)), new SensorMonitorOptions { Minimum = -10, Maximum = 10 }, time);
        float[] two = new float[2];
        foreach (float[] _ in script)
        {
            monitor.Read(two);
            texts.Add(monitor.LastError);
        }

        // The second is the same channel in the same fault: no new text.
        Assert.Equal(["Channel 2 of 2 is NaN, which is no measurement.", "Channel 2 of 2 is NaN, which is no measurement.", "Channel 1 of 2 is -12, outside -10 to 10.", null], texts);
        Assert.Equal(1, monitor.Count(SensorFault.OutOfRange));
    }

    [Fact]
    public void A_stuck_sensor_is_told_with_its_values()
    {
        var monitor = new SensorMonitor(new DelegateSampleSource(2, values => (values[0], values[1]) = (1.5f, -2f), channelNames: ["a", "b"]), new SensorMonitorOptions { StuckSamples = 3 }, time);
        float[] two = new float[2];
        Assert.Equal([SensorFault.None, SensorFault.None, SensorFault.Stuck], [monitor.Read(two), monitor.Read(two), monitor.Read(two)]);
        Assert.Equal("Nothing has changed in 3 samples: channel 'a' is 1.5, channel 'b' is -2.", monitor.LastError);
    }
}
