using EdgeInference.Devices.Bindings.Tests.Doubles;

namespace EdgeInference.Devices.Bindings.Tests.Kinds;

public sealed class Mcp3008Tests
{
    [Fact]
    public void It_gives_volts_of_its_reference_by_the_formula_of_the_data_sheet()
    {
        var chip = new SpiChip();
        new[] { 0, 1, 512, 1023, 7, 0, 0, 300 }.CopyTo(chip.Values, 0);
        var ledger = new Ledger(spi: chip);
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = "mcp3008", Inputs = ["2", "3", "7", "1"] }, ledger);

        // Microchip DS21295D, equation 4-2: code = 1024 · V / Vref.
        Assert.Equal([1.65f, 3.3f * 1023 / 1024, 3.3f * 300 / 1024, 3.3f / 1024], sensor.Sample(), (x, y) => MathF.Abs(x - y) <= 1e-6f);
        Assert.Equal(["in2", "in3", "in7", "in1"], sensor.Source.ChannelNames);
        Assert.Equal(["SPI 0 0 Mode0 1000000"], ledger.Settings);
        Assert.Equal(0, Sensors.Allocated(sensor.Source));
        sensor.Source.Dispose();
        Assert.Equal((1, 1), ledger.Count);
    }

    [Fact]
    public void Reference_offset_scale_bus_and_chip_select_are_its_settings()
    {
        var chip = new SpiChip();
        chip.Values[0] = 512;
        var ledger = new Ledger(spi: chip);
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = "mcp3008", ReferenceVolts = 5, Offset = 0.5, Scale = 10, Bus = 1, ChipSelect = 1 }, ledger);
        Assert.Equal(20f, Assert.Single(sensor.Sample()), 1e-5f);
        Assert.Equal(["SPI 1 1 Mode0 1000000"], ledger.Settings);
    }

    [Fact]
    public void A_chip_that_is_not_there_is_a_fault_and_not_the_highest_voltage()
    {
        var chip = new SpiChip { Unplugged = true };
        using var monitor = new SensorMonitor(Sensors.Create(new SensorSettings { Kind = "mcp3008" }, new Ledger(spi: chip)).Source);
        Assert.Equal(SensorFault.BusError, monitor.Read(new float[1]));
        Assert.Contains("Invalid data was read from the sensor", monitor.LastError, StringComparison.Ordinal);
    }
}
