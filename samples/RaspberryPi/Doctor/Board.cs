namespace EdgeDevice;

/// <summary>The machine's model, as its device tree names it.</summary>
/// <param name="Model">As "Raspberry Pi 4 Model B Rev 1.4"; empty where there is no device tree.</param>
internal sealed record Board(string Model)
{
    internal bool IsRaspberryPi => Model.StartsWith("Raspberry Pi", StringComparison.Ordinal);

    /// <summary>Whether the pins hang on the RP1 chip, which System.Device.Gpio reaches through libgpiod alone.</summary>
    internal bool HasRp1 => IsRaspberryPi
        && (Model.StartsWith("Raspberry Pi 5", StringComparison.Ordinal) || Model.Contains("Compute Module 5", StringComparison.Ordinal));

    internal static Board Of(Machine machine) => new(machine.Read("/proc/device-tree/model")?.TrimEnd('\0', '\n', ' ') ?? "");
}
