namespace EdgeDevice;

/// <summary>Whether the output pin exists and nothing else of the settings needs it.</summary>
internal sealed class PinCheck : ICheck
{
    private const int LastPin = 27;

    public string Name => "pin";

    public IEnumerable<Finding> Run(Examination examination)
    {
        int pin = examination.Options.Output.Pin;
        yield return pin < 0 ? Finding.Ok("No output pin is set.")
            : !examination.DrivesPin ? Finding.Ok($"GPIO {pin} is simulated.")
            : examination.Board.IsRaspberryPi && pin > LastPin ? Finding.Problem($"GPIO {pin} does not exist: the header has GPIO 0 to {LastPin} (BCM numbers, not those of the header's pins).", "correct Edge:Output:Pin.")
            : Use(examination, pin) is { } use ? Finding.Problem($"GPIO {pin} is {use}.", "set Edge:Output:Pin to a free one, as 17, 18, 22 to 27.")
            : pin is 0 or 1 ? Finding.Warning($"GPIO {pin} is for the memory of a HAT.", "set Edge:Output:Pin to a free one, as 17, 18, 22 to 27.")
            : Console(examination.Machine, pin) ? Finding.Warning($"GPIO {pin} is a wire of the serial console.", "sudo raspi-config nonint do_serial_cons 1, then sudo reboot, or another Edge:Output:Pin.")
            : Finding.Ok($"GPIO {pin} is free for the output.");
    }

    private static string? Use(Examination examination, int pin) => (pin, examination.Wires) switch
    {
        (2 or 3, { I2cBus: 1 }) => "a wire of I2C bus 1, which the sensor uses",
        (0 or 1, { I2cBus: 0 }) => "a wire of I2C bus 0, which the sensor uses",
        (>= 7 and <= 11, { SpiBus: 0 }) => "a wire of SPI bus 0, which the sensor uses",
        (>= 16 and <= 21, { SpiBus: 1 }) => "a wire of SPI bus 1, which the sensor uses",
        _ => null,
    };

    private static bool Console(Machine machine, int pin) =>
        pin is 14 or 15 && machine.Read("/proc/cmdline") is { } line && line.Split(' ', '\n').Any(word => word.StartsWith("console=serial0", StringComparison.Ordinal) || word.StartsWith("console=ttyAMA", StringComparison.Ordinal) || word.StartsWith("console=ttyS0", StringComparison.Ordinal));
}
