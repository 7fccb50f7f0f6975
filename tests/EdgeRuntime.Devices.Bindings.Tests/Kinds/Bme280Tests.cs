using EdgeInference.Devices.Bindings.Tests.Doubles;

namespace EdgeInference.Devices.Bindings.Tests.Kinds;

public sealed class Bme280Tests
{
    private static readonly SensorSettings Settings = new() { Kind = "bme280" };

    [Fact]
    public void It_gives_the_values_of_its_data_sheet()
    {
        var ledger = new Ledger(new Bme280Chip());
        CatalogSensor sensor = Sensors.Create(Settings, ledger);
        float[] sample = sensor.Sample();

        // Bosch, "BMP280 data sheet" 1.14, section 3.12, has these numbers: 25.08 °C and 100653.27 Pa.
        Assert.Equal(25.08f, sample[0], 0.005f);
        Assert.Equal(1006.5327f, sample[1], 0.001f);
        Assert.Equal(["temperature", "pressure", "humidity"], sensor.Source.ChannelNames);
        Assert.Equal(["°C", "hPa", "%"], sensor.Units);
        Assert.Equal(["I2C 1 0x76"], ledger.Settings);
        sensor.Source.Dispose();
    }

    [Theory]
    [InlineData(519888, 415148, 30000)]
    [InlineData(400000, 350000, 20000)]
    [InlineData(600000, 300000, 35000)]
    [InlineData(450000, 420000, 65535)]
    [InlineData(519888, 415148, 0)]
    public void It_agrees_with_the_formulas_of_the_data_sheet(int temperature, int pressure, int humidity)
    {
        var chip = new Bme280Chip { Temperature = temperature, Pressure = pressure, Humidity = humidity };
        CatalogSensor sensor = Sensors.Create(Settings, new Ledger(chip));
        float[] sample = sensor.Sample();
        (double celsius, double hectopascals, double percent) = Formulas(chip);
        Assert.Equal(celsius, sample[0], 0.001);
        Assert.Equal(hectopascals, sample[1], 0.01);
        Assert.Equal(percent, sample[2], 0.01);
        sensor.Source.Dispose();
    }

    [Fact]
    public void A_loop_of_10_ms_reads_it_itself_and_allocates_nothing()
    {
        CatalogSensor sensor = Sensors.Create(Settings, new Ledger(new Bme280Chip()), TimeSpan.FromMilliseconds(10));
        Assert.False(sensor.IsBackground);
        Assert.Empty(sensor.Notes);
        sensor.Sample();
        Assert.Equal(0, Sensors.Allocated(sensor.Source));
        sensor.Source.Dispose();
    }

    [Fact]
    public void Another_chip_at_the_address_is_not_taken_for_it()
    {
        var chip = new Bme280Chip();
        chip.Registers[0xD0] = 0x58;
        var ledger = new Ledger(chip);
        CatalogSensor sensor = Sensors.Create(Settings with { Address = 0x77, Bus = 4 }, ledger);
        Assert.Equal("Unable to find a chip with id 96. Found one with id 88", Assert.Throws<IOException>(sensor.Source.Start).Message);
        Assert.Equal((1, 1), ledger.Count);
        Assert.Equal(["I2C 4 0x77"], ledger.Settings);
    }

    // Bosch, BST-BME280-DS002, section 8.1, in double precision.
    private static (double Celsius, double Hectopascals, double Percent) Formulas(Bme280Chip chip)
    {
        double[] c = [.. chip.Calibration.Select(value => (double)value)];
        double first = ((chip.Temperature / 16384.0) - (c[0] / 1024.0)) * c[1];
        double difference = (chip.Temperature / 131072.0) - (c[0] / 8192.0);
        double fine = first + (difference * difference * c[2]);
        double half = (fine / 2) - 64000;
        double offset = half * half * c[8] / 32768;
        offset = ((offset + (half * c[7] * 2)) / 4) + (c[6] * 65536);
        double sensitivity = ((c[5] * half * half / 524288) + (c[4] * half)) / 524288;
        sensitivity = (1 + (sensitivity / 32768)) * c[3];
        double pascals = (1048576 - chip.Pressure - (offset / 4096)) * 6250 / sensitivity;
        pascals += ((c[11] * pascals * pascals / 2147483648) + (pascals * c[10] / 32768) + c[9]) / 16;
        double warm = fine - 76800;
        double humidity = (chip.Humidity - ((c[15] * 64) + (c[16] / 16384 * warm))) * (c[13] / 65536 * (1 + (c[17] / 67108864 * warm * (1 + (c[14] / 67108864 * warm)))));
        humidity *= 1 - (c[12] * humidity / 524288);
        return (fine / 5120, pascals / 100, Math.Clamp(humidity, 0, 100));
    }
}
