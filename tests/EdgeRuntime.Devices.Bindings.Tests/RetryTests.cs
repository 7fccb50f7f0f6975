using EdgeInference.Devices.Bindings.Tests.Doubles;
using EdgeInference.Devices.Bindings.Tests.Kinds;

namespace EdgeInference.Devices.Bindings.Tests;

/// <summary>A sensor that comes and goes leaves no file open: sixty starts that fail at different points, and one that does not.</summary>
public sealed class RetryTests
{
    private const int Retries = 60;

    [Theory]
    [InlineData("bme280", 40)]
    [InlineData("mpu6050", 1)]
    [InlineData("mpu6050-registers", 5)]
    [InlineData("ads1115", 2)]
    public void Sixty_starts_of_an_I2C_sensor_that_fail_close_what_they_opened(string kind, int transfers)
    {
        Chip chip = kind switch { "bme280" => new Bme280Chip(), "ads1115" => Ads1115Tests.Chip(), _ => Mpu6050Tests.Chip() };
        var ledger = new Ledger(chip);
        using ISampleSource source = Sensors.Create(new SensorSettings { Kind = kind }, ledger).Source;
        for (int i = 0; i < Retries; i++)
        {
            chip.Lasts = i % transfers;
            Assert.Throws<IOException>(source.Start);
            Assert.Equal((i + 1, i + 1), ledger.Count);
        }

        chip.Lasts = int.MaxValue;
        for (int i = 1; i <= 3; i++)
        {
            source.Start();
            source.Read(new float[source.Channels]);
            Assert.Equal((Retries + i, Retries + i - 1), ledger.Count);
        }

        source.Dispose();
        Assert.Equal((Retries + 3, Retries + 3), ledger.Count);
    }

    [Theory]
    [InlineData("hx711", 6)]
    [InlineData("hx711", 5)]
    [InlineData("dht22", 5)]
    public void Sixty_starts_on_a_pin_that_is_taken_close_their_controller(string kind, int busy)
    {
        var ledger = new Ledger(pins: () => new Dht22Pins { Busy = busy });
        CatalogSensor sensor = Sensors.Create(new SensorSettings { Kind = kind, DataPin = 5, ClockPin = kind == "hx711" ? 6 : null }, ledger);
        for (int i = 1; i <= Retries; i++)
        {
            Assert.Throws<IOException>(() => sensor.Sample());
            Assert.Equal((i, i), ledger.Count);
        }

        sensor.Source.Dispose();
    }

    [Fact]
    public void Sixty_faults_of_an_SPI_sensor_open_it_again_and_close_the_old_one()
    {
        var chip = new SpiChip { Unplugged = true };
        var ledger = new Ledger(spi: chip);
        using var monitor = new SensorMonitor(Sensors.Create(new SensorSettings { Kind = "mcp3008" }, ledger).Source, new SensorMonitorOptions { RetryInterval = TimeSpan.Zero });
        for (int i = 1; i <= Retries; i++)
        {
            Assert.Equal(SensorFault.BusError, monitor.Read(new float[1]));
            Assert.Equal((i, i - 1), ledger.Count);
        }

        chip.Unplugged = false;
        Assert.Equal(SensorFault.None, monitor.Read(new float[1]));
        monitor.Dispose();
        Assert.Equal((Retries + 1, Retries + 1), ledger.Count);
    }
}
