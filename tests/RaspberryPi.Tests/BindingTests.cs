using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Bindings;
using EdgeInference.Devices.Bindings.Tests.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace RaspberryPi.Tests;

/// <summary>The service's sensors, on registers and pins as their data sheets describe them. What each sensor gives is held by EdgeRuntime.Devices.Bindings.Tests.</summary>
public sealed class BindingTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(8);

    [Fact]
    public void A_bme280_at_8_ms_decides_though_a_measurement_and_its_transfers_take_longer()
    {
        // 1 ms for a transfer: a sample takes more than two periods, and each window would be broken.
        var ledger = new Ledger(new Bme280Chip { TransferTime = TimeSpan.FromMilliseconds(1) });
        var notes = new List<string>();
        using var monitor = new SensorMonitor(Wiring.Source(new SensorOptions { Kind = "bme280" }, Period, notes.Add, ledger.Buses));
        Assert.Equal("bme280 measures each 10 ms and the loop samples each 8 ms: it is read in the background, each measurement is seen about 1.3 times, and one older than 2.03 s is a fault.", Assert.Single(notes));
        using var host = new ModelHost(EdgeModel.Load(TestModels.Create(3 * 16)), 1);
        using ModelSlot slot = host.CreateSlot();
        using var loop = new DecisionLoop(monitor, slot, new DecisionLoopOptions { Period = Period, WindowLength = 16, Hop = 8 }, []);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var thread = new Thread(() => loop.Run(stop.Token));
        thread.Start();
        SpinWait.SpinUntil(() => loop.Statistics.Decisions >= 5 || stop.IsCancellationRequested);
        stop.Cancel();
        thread.Join();
        Assert.True(loop.Statistics.Decisions >= 5, $"{loop.Statistics.Decisions} decisions, {loop.Statistics.Gaps} gaps, {monitor.Fault}: {monitor.LastError}");
    }

    [Fact]
    public void A_sensor_that_comes_and_goes_leaves_no_device_open()
    {
        var chip = new Bme280Chip { Lasts = 0 };
        var ledger = new Ledger(chip);
        var clock = new FakeTime();
        using (var monitor = new SensorMonitor(Wiring.Source(new SensorOptions { Kind = "bme280" }, TimeSpan.FromSeconds(1), buses: ledger.Buses), new SensorMonitorOptions { RetryInterval = TimeSpan.FromSeconds(1) }, clock))
        {
            float[] sample = new float[3];
            var faults = new List<SensorFault>();
            for (int i = 0; i < 9; i++)
            {
                // Two starts that nobody answers, one of another chip, two reads, and a plug that is pulled.
                chip.Lasts = i is 0 or 1 or 5 ? 0 : int.MaxValue;
                chip.Registers[0xD0] = (byte)(i == 2 ? 0x58 : 0x60);
                faults.Add(monitor.Read(sample));
                Assert.InRange(ledger.Count.Opened - ledger.Count.Closed, 0, 1);
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.Equal(
                [SensorFault.NotPresent, SensorFault.NotPresent, SensorFault.NotPresent, SensorFault.None, SensorFault.None, SensorFault.BusError, SensorFault.None, SensorFault.None, SensorFault.None],
                faults);
            Assert.Equal((5, 4), ledger.Count);
        }

        Assert.Equal((5, 5), ledger.Count);
    }

    [Fact]
    public void Each_kind_of_the_catalog_is_a_kind_of_the_service()
    {
        foreach (SensorKind kind in SensorCatalog.Kinds)
        {
            var options = new SensorOptions { Kind = kind.Name, DataPin = kind.Settings.Contains("DataPin") ? 5 : null, ClockPin = kind.Settings.Contains("ClockPin") ? 6 : null };
            using ISampleSource source = Wiring.Source(options, Period);
            Assert.Equal(source.ChannelNames, Wiring.ChannelNames(options));
        }
    }

    [Fact]
    public void A_kind_that_does_not_exist_is_refused_with_those_that_do() => Assert.Equal(
        "Edge:Sensor:Kind is 'mpu9999', which is no sensor; the nearest is 'mpu6050' of bme280, mpu6050, mpu6050-registers, ads1115, hx711, mcp3008, dht22, simulated.",
        Assert.Throws<InvalidDataException>(() => Wiring.Source(new SensorOptions { Kind = "mpu9999" }, Period)).Message);

    [Fact]
    public void A_setting_of_another_sensor_is_refused()
    {
        Assert.Equal(
            "Edge:Sensor:DataPin is given, but bme280 does not use it; leave it out. bme280 uses Bus, Address.",
            Assert.Throws<InvalidDataException>(() => Wiring.Source(new SensorOptions { Kind = "bme280", DataPin = 4 }, Period)).Message);
        Assert.Equal(
            "Edge:Sensor:Address is 0x68 (104), which bme280 does not have; it is one of 0x76 (118), 0x77 (119).",
            Assert.Throws<InvalidDataException>(() => Wiring.Source(new SensorOptions { Kind = "bme280", Address = 0x68 }, Period)).Message);
        foreach (SensorOptions options in new[] { new SensorOptions { Bus = 1 }, new SensorOptions { Inputs = ["0"] }, new SensorOptions { MaxAgeSeconds = 3 } })
        {
            options.Kind = "simulated";
            Assert.Equal(
                "Edge:Sensor:Kind is 'simulated', which is wired to nothing: leave out every other setting of Edge:Sensor but ChannelNames and those of its faults.",
                Assert.Throws<InvalidDataException>(() => Wiring.Source(options, Period)).Message);
        }
    }

    [Fact]
    public void Channels_have_names_of_the_settings_or_the_usual_ones()
    {
        using ISampleSource usual = Wiring.Source(new SensorOptions { Kind = "bme280" }, Period);
        Assert.Equal(["temperature", "pressure", "humidity"], usual.ChannelNames);
        using ISampleSource renamed = Wiring.Source(new SensorOptions { Kind = "mpu6050", ChannelNames = ["ax", "ay", "az"] }, Period);
        Assert.Equal(["ax", "ay", "az"], renamed.ChannelNames);
        using ISampleSource simulated = Wiring.Source(new SensorOptions { Kind = "simulated", ChannelNames = ["ax", "ay", "az"] }, Period);
        Assert.Equal(["ax", "ay", "az"], simulated.ChannelNames);
        var exception = Assert.Throws<InvalidDataException>(() => Wiring.Source(new SensorOptions { Kind = "simulated", ChannelNames = ["ax"] }, Period));
        Assert.Contains("1 names and 'simulated' has 3 channels", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<InvalidDataException>(() => Wiring.Source(new SensorOptions { Kind = "bme280", ChannelNames = ["t"] }, Period));
        Assert.StartsWith("Edge:Sensor:ChannelNames has 1 names, but bme280 has 3 channels here", exception.Message, StringComparison.Ordinal);
    }
}
