using System.Device.Gpio;
using System.Device.Gpio.Drivers;

namespace EdgeDevice;

/// <summary>
/// The pins of the header. System.Device.Gpio 4.2.0 chooses by itself for a Pi 3, 4 and Zero 2 W (/dev/gpiomem); on a Pi 5 it knows
/// one revision only (c04170, not c04171), tries libgpiod 1 alone there, and elsewhere takes gpiochip0, whatever chip that is.
/// </summary>
internal static class BoardPins
{
    // As the kernel names the chip of the header on a Pi 5, 500 and Compute Module 5: gpiochip4 up to kernel 6.6.44, gpiochip0 since.
    private const string Rp1 = "pinctrl-rp1";

    internal static GpioController Open() => Open(Board.Of(new Machine()), [
        new("libgpiod.so.2", LibGpiodDriver.GetAvailableChips, chip => new LibGpiodDriver(chip)),
        new("libgpiod.so.3", LibGpiodV2Driver.GetAvailableChips, chip => new LibGpiodV2Driver(chip))]);

    internal static GpioController Open(Board board, IReadOnlyList<Library> libraries)
    {
        if (!board.HasRp1)
        {
            try
            {
                return new GpioController();
            }
            catch (Exception exception) when (exception is DllNotFoundException or NotSupportedException)
            {
                throw new IOException(exception.Message, exception);
            }
        }

        var seen = new List<string>();
        foreach (Library library in libraries)
        {
            try
            {
                foreach (GpioChipInfo chip in library.Chips())
                {
                    if (chip.Label == Rp1)
                    {
                        return new GpioController(library.Driver(chip.Id));
                    }

                    seen.Add($"{chip.Name} [{chip.Label}]");
                }
            }
            catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or PlatformNotSupportedException)
            {
                // The other library is asked.
            }
        }

        throw new IOException(seen.Count > 0
            ? $"none of the gpiochips is {Rp1}, which has the header's pins: {string.Join(", ", seen)}. Update the kernel"
            : $"neither {libraries[0].Name} nor {libraries[1].Name} shows a gpiochip. Install libgpiod3 (Raspberry Pi OS 13) or libgpiod2 (12), and allow the gpiochips: edge-device doctor says which right is missing");
    }

    /// <summary>A version of libgpiod.</summary>
    internal sealed record Library(string Name, Func<IList<GpioChipInfo>> Chips, Func<int, GpioDriver> Driver);
}
