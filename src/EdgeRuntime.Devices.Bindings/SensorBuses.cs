using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;

namespace EdgeInference.Devices.Bindings;

/// <summary>How devices are opened: by the machine's own drivers unless another way is set. Each start of a sensor opens anew, and its source closes what was opened.</summary>
public sealed record SensorBuses
{
    /// <summary>Opens an I2C device.</summary>
    public Func<I2cConnectionSettings, I2cDevice> I2c { get; init; } = I2cDevice.Create;

    /// <summary>Opens an SPI device.</summary>
    public Func<SpiConnectionSettings, SpiDevice> Spi { get; init; } = SpiDevice.Create;

    /// <summary>Opens a controller of the pins.</summary>
    public Func<GpioController> Gpio { get; init; } = () => new GpioController();
}
