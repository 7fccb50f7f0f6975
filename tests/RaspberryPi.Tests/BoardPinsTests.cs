using System.Device.Gpio;
using EdgeDevice;
using EdgeInference.Devices.Tests.Doubles;

namespace RaspberryPi.Tests;

/// <summary>Which chip and which version of libgpiod drive the header of a Pi 5, where System.Device.Gpio 4.2.0 takes the wrong one or none.</summary>
public class BoardPinsTests
{
    private static readonly GpioChipInfo Rp1AtFour = new(4, "gpiochip4", "pinctrl-rp1", 54);
    private static readonly GpioChipInfo Rp1AtZero = new(0, "gpiochip0", "pinctrl-rp1", 54);
    private static readonly GpioChipInfo OfTheProcessor = new(0, "gpiochip0", "gpio-brcmstb@107d508500", 32);

    private static readonly List<string> opened = [];

    [Theory]
    [InlineData("Raspberry Pi 5 Model B Rev 1.0")]
    [InlineData("Raspberry Pi 5 Model B Rev 1.1")]
    [InlineData("Raspberry Pi 500 Rev 1.0")]
    [InlineData("Raspberry Pi Compute Module 5 Rev 1.0")]
    public void Before_kernel_6_6_45_the_header_is_gpiochip4(string model) =>
        Assert.Equal("libgpiod.so.2:4", Opened(model, _ => [OfTheProcessor, Rp1AtFour], _ => throw new DllNotFoundException()));

    [Fact]
    public void Since_kernel_6_6_45_the_header_is_gpiochip0() =>
        Assert.Equal("libgpiod.so.2:0", Opened("Raspberry Pi 5 Model B Rev 1.0", _ => [Rp1AtZero], _ => throw new DllNotFoundException()));

    [Fact]
    public void With_the_libgpiod_of_trixie_a_Pi_5_has_its_pins() =>
        Assert.Equal("libgpiod.so.3:0", Opened("Raspberry Pi 5 Model B Rev 1.0", _ => throw new DllNotFoundException(), _ => [Rp1AtZero]));

    [Fact]
    public void Without_libgpiod_the_packages_are_named()
    {
        IOException exception = Assert.Throws<IOException>(() => Opened("Raspberry Pi 5 Model B Rev 1.0", _ => throw new DllNotFoundException(), _ => throw new DllNotFoundException()));
        Assert.Equal("neither libgpiod.so.2 nor libgpiod.so.3 shows a gpiochip. Install libgpiod3 (Raspberry Pi OS 13) or libgpiod2 (12), and allow the gpiochips: edge-device doctor says which right is missing", exception.Message);
    }

    [Fact]
    public void Without_the_RP1_no_other_chip_is_driven_in_its_place()
    {
        IOException exception = Assert.Throws<IOException>(() => Opened("Raspberry Pi 5 Model B Rev 1.0", _ => [OfTheProcessor], _ => throw new DllNotFoundException()));
        Assert.Equal("none of the gpiochips is pinctrl-rp1, which has the header's pins: gpiochip0 [gpio-brcmstb@107d508500]. Update the kernel", exception.Message);
    }

    // The lists differ by the version of libgpiod, which stands in the driver's number here.
    private static string Opened(string model, Func<int, IList<GpioChipInfo>> second, Func<int, IList<GpioChipInfo>> third)
    {
        lock (opened)
        {
            opened.Clear();
            using GpioController controller = BoardPins.Open(new Board(model), [
                new("libgpiod.so.2", () => second(0), chip => Driver($"libgpiod.so.2:{chip}")),
                new("libgpiod.so.3", () => third(0), chip => Driver($"libgpiod.so.3:{chip}"))]);
            return Assert.Single(opened);
        }
    }

    private static RecordingGpioDriver Driver(string name)
    {
        opened.Add(name);
        return new RecordingGpioDriver();
    }
}
