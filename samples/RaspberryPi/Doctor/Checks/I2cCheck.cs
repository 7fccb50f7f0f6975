namespace EdgeDevice;

/// <summary>Whether the I2C bus of the settings is on and open to this user.</summary>
internal sealed class I2cCheck : ICheck
{
    public string Name => "i2c";

    public IEnumerable<Finding> Run(Examination examination)
    {
        if (examination.Wires.I2cBus is not { } bus)
        {
            yield return Finding.Ok($"The sensor '{examination.Options.Sensor.Kind}' uses no I2C.");
            yield break;
        }

        Machine machine = examination.Machine;
        string device = $"/dev/i2c-{bus}";
        if (!machine.Exists(device))
        {
            string[] others = [.. machine.List("/dev", "i2c-*")];
            yield return others.Length > 0
                ? Finding.Problem($"{device} is not there; this machine has {string.Join(", ", others)}.", "set Edge:Sensor:Bus to the bus that the sensor hangs on (pins 3 and 5 are bus 1).")
                : Finding.Problem($"{device} is not there: I2C is off.", "sudo raspi-config nonint do_i2c 0, then sudo reboot.");
        }
        else
        {
            yield return machine.Opening(machine.Path(device)) is { } reason
                ? Finding.Problem($"{device} cannot be opened by {machine.User}: {reason}.", $"sudo usermod -aG i2c {machine.User}, then log in again.")
                : Finding.Ok($"{device} can be opened.");
        }
    }
}
