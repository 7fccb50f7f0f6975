namespace EdgeDevice;

/// <summary>How a kind of sensor is wired.</summary>
internal sealed record SensorWires(bool I2c, bool Spi, bool Pins)
{
    internal static SensorWires Of(string kind) => kind switch
    {
        "mpu6050" or "mpu6050-registers" or "bme280" or "ads1115" => new(I2c: true, Spi: false, Pins: false),
        "mcp3008" => new(I2c: false, Spi: true, Pins: false),
        "dht22" or "hx711" => new(I2c: false, Spi: false, Pins: true),
        _ => new(I2c: false, Spi: false, Pins: false),
    };
}
