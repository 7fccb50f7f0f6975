using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;

namespace EdgeInference.Devices.Bindings.Tests.Doubles;

/// <summary>Buses whose devices are counted: what was opened and is not closed is a file descriptor that stays.</summary>
internal sealed class Ledger
{
    private int opened;
    private int closed;

    internal Ledger(Chip? chip = null, SpiChip? spi = null, Func<PinChip>? pins = null) => Buses = new SensorBuses
    {
        I2c = settings =>
        {
            Settings.Add($"I2C {settings.BusId} 0x{settings.DeviceAddress:X2}");
            return new CountedI2c(chip!, settings, Opened());
        },
        Spi = settings =>
        {
            Settings.Add($"SPI {settings.BusId} {settings.ChipSelectLine} {settings.Mode} {settings.ClockFrequency}");
            return new CountedSpi(spi!, settings, Opened());
        },
        Gpio = () =>
        {
            PinChip driver = pins!();
            driver.Closed = Opened();
            return new GpioController(driver);
        },
    };

    internal SensorBuses Buses { get; }

    internal List<string> Settings { get; } = [];

    internal (int Opened, int Closed) Count => (Volatile.Read(ref opened), Volatile.Read(ref closed));

    private Action Opened()
    {
        Interlocked.Increment(ref opened);
        bool once = false;
        return () =>
        {
            if (!once)
            {
                once = true;
                Interlocked.Increment(ref closed);
            }
        };
    }

    private sealed class CountedI2c(Chip chip, I2cConnectionSettings settings, Action closed) : I2cDevice
    {
        public override I2cConnectionSettings ConnectionSettings => settings;

        public override void Read(Span<byte> buffer) => chip.Answer(buffer);

        public override void Write(ReadOnlySpan<byte> buffer) => chip.Take(buffer);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            chip.Take(writeBuffer);
            chip.Answer(readBuffer, counts: false);
        }

        protected override void Dispose(bool disposing)
        {
            closed();
            base.Dispose(disposing);
        }
    }

    private sealed class CountedSpi(SpiChip chip, SpiConnectionSettings settings, Action closed) : SpiDevice
    {
        public override SpiConnectionSettings ConnectionSettings => settings;

        public override void Read(Span<byte> buffer) => throw new NotSupportedException();

        public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

        public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => chip.Transfer(writeBuffer, readBuffer);

        protected override void Dispose(bool disposing)
        {
            closed();
            base.Dispose(disposing);
        }
    }
}
