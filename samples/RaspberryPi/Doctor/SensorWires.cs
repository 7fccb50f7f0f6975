using EdgeInference.Devices.Bindings;

namespace EdgeDevice;

/// <summary>How the sensor of the settings is wired, by the settings that its kind uses.</summary>
internal sealed record SensorWires(bool I2c, bool Spi, bool Pins, int Bus)
{
    // As the catalog takes them where the settings name none.
    private const int UsualI2cBus = 1;
    private const int UsualSpiBus = 0;

    internal static SensorWires Of(SensorOptions options)
    {
        IReadOnlyList<string> settings = SensorCatalog.Kinds.FirstOrDefault(kind => kind.Name == options.Kind)?.Settings ?? [];
        bool i2c = settings.Contains(nameof(SensorOptions.Address));
        return new SensorWires(i2c, settings.Contains(nameof(SensorOptions.ChipSelect)), settings.Contains(nameof(SensorOptions.DataPin)), options.Bus ?? (i2c ? UsualI2cBus : UsualSpiBus));
    }
}
