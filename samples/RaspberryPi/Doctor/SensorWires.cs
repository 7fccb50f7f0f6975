using EdgeInference.Devices.Bindings;

namespace EdgeDevice;

/// <summary>How the sensor of the settings is wired, by the settings that its kind uses.</summary>
/// <param name="I2cBus">Its I2C bus; null where it uses none.</param>
/// <param name="SpiBus">Its SPI bus; null where it uses none.</param>
/// <param name="Pins">Whether it uses pins as such.</param>
internal sealed record SensorWires(int? I2cBus, int? SpiBus, bool Pins)
{
    // As the catalog takes them where the settings name none.
    private const int UsualI2cBus = 1;
    private const int UsualSpiBus = 0;

    internal static SensorWires Of(SensorOptions options)
    {
        IReadOnlyList<string> settings = SensorCatalog.Kinds.FirstOrDefault(kind => kind.Name == options.Kind)?.Settings ?? [];
        return new SensorWires(
            settings.Contains(nameof(SensorOptions.Address)) ? options.Bus ?? UsualI2cBus : null,
            settings.Contains(nameof(SensorOptions.ChipSelect)) ? options.Bus ?? UsualSpiBus : null,
            settings.Contains(nameof(SensorOptions.DataPin)));
    }
}
