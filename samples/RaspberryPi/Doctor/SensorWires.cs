namespace EdgeDevice;

/// <summary>How the sensor of the settings is wired.</summary>
/// <param name="I2cBus">Its I2C bus; null where it uses none.</param>
/// <param name="SpiBus">Its SPI bus; null where it uses none.</param>
/// <param name="Pins">Whether it uses pins as such.</param>
internal sealed record SensorWires(int? I2cBus, int? SpiBus, bool Pins)
{
    internal static SensorWires Of(SensorOptions options)
    {
        int? bus = options.Bus;
        return options.Kind switch
        {
            "mpu6050" or "mpu6050-registers" or "bme280" or "ads1115" => new(bus ?? 1, null, Pins: false),
            "mcp3008" => new(null, bus ?? 0, Pins: false),
            "dht22" or "hx711" => new(null, null, Pins: true),
            _ => new(null, null, Pins: false),
        };
    }
}
