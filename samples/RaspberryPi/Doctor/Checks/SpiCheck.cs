namespace EdgeDevice;

/// <summary>Whether the SPI bus of the settings is on and open to this user.</summary>
internal sealed class SpiCheck : ICheck
{
    public string Name => "spi";

    public IEnumerable<Finding> Run(Examination examination)
    {
        if (examination.Wires.SpiBus is not { } bus)
        {
            yield return Finding.Ok($"The sensor '{examination.Options.Sensor.Kind}' uses no SPI.");
            yield break;
        }

        Machine machine = examination.Machine;
        string[] devices = [.. machine.List("/dev", $"spidev{bus}.*")];
        if (devices.Length == 0)
        {
            string[] others = [.. machine.List("/dev", "spidev*")];
            yield return others.Length > 0
                ? Finding.Problem($"SPI bus {bus} is not there; this machine has {string.Join(", ", others)}.", "set Edge:Sensor:Bus to the bus that the sensor hangs on (pins 19, 21 and 23 are bus 0).")
                : Finding.Problem($"/dev/spidev{bus}.0 is not there: SPI is off.", "sudo raspi-config nonint do_spi 0, then sudo reboot.");
            yield break;
        }

        yield return machine.Opening(machine.Path(devices[0])) is { } reason
            ? Finding.Problem($"{devices[0]} cannot be opened by {machine.User}: {reason}.", $"sudo usermod -aG spi {machine.User}, then log in again.")
            : Finding.Ok($"{devices[0]} can be opened.");
    }
}
