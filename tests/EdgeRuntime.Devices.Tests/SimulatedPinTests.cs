using System.Device.Gpio;

namespace EdgeInference.Devices.Tests;

/// <summary>A pin on a machine without pins.</summary>
public sealed class SimulatedPinTests
{
    private readonly List<string> said = [];

    [Fact]
    public void A_change_of_a_level_is_said_once()
    {
        using (var gpio = new GpioController(new SimulatedGpioDriver(said.Add)))
        using (var pin = new PinOutput(gpio, 18, label: 1))
        {
            Assert.Equal(["GPIO 18: low"], said);
            pin.Apply(0);
            pin.Apply(1);
            pin.Apply(1);
            Assert.Equal(PinValue.High, gpio.Read(18));
        }

        Assert.Equal(["GPIO 18: low", "GPIO 18: high", "GPIO 18: low"], said);
    }

    [Fact]
    public void A_level_is_that_of_the_pin_and_not_of_the_class()
    {
        using var gpio = new GpioController(new SimulatedGpioDriver(said.Add));
        using var pin = new PinOutput(gpio, 4, label: 1, activeLow: true);
        pin.Apply(1);
        Assert.Equal(["GPIO 4: high", "GPIO 4: low"], said);
    }

    [Fact]
    public void It_has_no_inputs()
    {
        using var gpio = new GpioController(new SimulatedGpioDriver(said.Add));
        Assert.Throws<InvalidOperationException>(() => gpio.OpenPin(4, PinMode.Input));
    }
}
