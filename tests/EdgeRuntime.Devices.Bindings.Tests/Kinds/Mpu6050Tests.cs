using EdgeInference.Devices.Bindings.Tests.Doubles;

namespace EdgeInference.Devices.Bindings.Tests.Kinds;

public sealed class Mpu6050Tests
{
    [Theory]
    [InlineData(null, 1.0, -0.5, 0x00)]
    [InlineData(2.0, 1.0, -0.5, 0x00)]
    [InlineData(4.0, 2.0, -1.0, 0x08)]
    [InlineData(8.0, 4.0, -2.0, 0x10)]
    [InlineData(16.0, 8.0, -4.0, 0x18)]
    public void It_gives_g_in_the_range_that_is_set(double? range, double x, double y, byte register)
    {
        RegisterChip chip = Chip();
        var ledger = new Ledger(chip);
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = "mpu6050", Range = range, Address = 0x69 }, ledger);
        float[] sample = sensor.Sample();

        // A quarter and an eighth of the registers' range, and one step.
        Assert.Equal(x, sample[0], 1e-6);
        Assert.Equal(y, sample[1], 1e-6);
        Assert.Equal(x / 16384, sample[2], 1e-9);
        Assert.Equal(register, chip.Registers[0x1C]);
        Assert.Equal(3, chip.Registers[0x1A]);
        Assert.Equal(["x", "y", "z"], sensor.Source.ChannelNames);
        Assert.Equal(["g", "g", "g"], sensor.Units);
        Assert.Equal(["I2C 1 0x69"], ledger.Settings);
        Assert.Equal(0, Sensors.Allocated(sensor.Source));
        sensor.Source.Dispose();
        Assert.Equal((1, 1), ledger.Count);
    }

    [Fact]
    public void A_period_that_a_slow_bus_cannot_carry_is_told()
    {
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = "mpu6050" }, new Ledger(Chip()), TimeSpan.FromMilliseconds(1));
        Assert.False(sensor.IsBackground);
        Assert.Equal("A sample of mpu6050 takes 1.25 ms on an I2C bus at 100 kHz, longer than the period of 1 ms: set dtparam=i2c_arm_baudrate=400000 in config.txt.", Assert.Single(sensor.Notes));
        Assert.Empty(Sensors.Create(new SensorSettings { Kind = "mpu6050-registers" }, new Ledger(Chip()), TimeSpan.FromMilliseconds(1)).Notes);
    }

    internal static RegisterChip Chip()
    {
        var chip = new RegisterChip();
        chip.Registers[0x75] = 0x68;
        new byte[] { 0x40, 0x00, 0xE0, 0x00, 0x00, 0x01 }.CopyTo(chip.Registers, 0x3B);
        return chip;
    }
}
