namespace EdgeDevice;

/// <summary>Whether System.Device.Gpio has a driver for this board's pins, and may open what the driver opens.</summary>
internal sealed class GpioCheck : ICheck
{
    private const string Memory = "/dev/gpiomem";

    public string Name => "gpio";

    public IEnumerable<Finding> Run(Examination examination)
    {
        if (!examination.DrivesPin && !examination.Wires.Pins)
        {
            return [Finding.Ok("No pin is used.")];
        }

        return [examination.Board switch
        {
            { HasRp1: true } => Chip(examination.Machine),
            { IsRaspberryPi: true } => Registers(examination.Machine),
            _ => Other(examination.Machine),
        }];
    }

    private static Finding Registers(Machine machine) =>
        !machine.Exists(Memory) ? Finding.Problem($"{Memory} is not there: its driver is not loaded.", "use the kernel of Raspberry Pi OS, or Edge:Output:Pin=-1 for no pin.")
        : machine.Opening(machine.Path(Memory)) is { } reason ? Finding.Problem($"{Memory} cannot be opened by {machine.User}: {reason}.", $"sudo usermod -aG gpio {machine.User}, then log in again; in a unit: DeviceAllow={Memory} rw.")
        : Library(machine) is not null && machine.Exists("/dev/gpiochip0") && machine.Opening(machine.Path("/dev/gpiochip0")) is { } chip ? Finding.Problem($"/dev/gpiochip0 cannot be opened by {machine.User}: {chip}.", $"sudo usermod -aG gpio {machine.User}, then log in again; in a unit: DeviceAllow=char-gpiochip rw.")
        : Finding.Ok($"Pins are driven through {Memory}.");

    private static Finding Chip(Machine machine)
    {
        string[] chips = [.. machine.List("/sys/bus/gpio/devices", "gpiochip*").Where(folder => machine.Read(folder + "/of_node/compatible")?.Contains("rp1-gpio", StringComparison.Ordinal) == true)];
        if (chips.Length == 0)
        {
            return Finding.Problem("No gpiochip of the RP1 is there.", "sudo apt full-upgrade, then sudo reboot.");
        }

        if (Library(machine) is not { } library)
        {
            return Finding.Problem("Neither libgpiod.so.2 nor libgpiod.so.3 is there.", "sudo apt install libgpiod3 (Raspberry Pi OS 13, trixie) or sudo apt install libgpiod2 (12, bookworm).");
        }

        string device = $"/dev/{Path.GetFileName(chips[0])}";
        return machine.Opening(machine.Path(device)) is { } reason
            ? Finding.Problem($"{device} cannot be opened by {machine.User}: {reason}.", $"sudo usermod -aG gpio {machine.User}, then log in again; in a unit: DeviceAllow=char-gpiochip rw.")
            : Finding.Ok($"Pins are driven through {device} and {library}.");
    }

    private static Finding Other(Machine machine) =>
        machine.List("/dev", "gpiochip*").Count == 0 ? Finding.Problem("This machine has no pins.", "Edge:Output:Pin=-1 runs the service without one.")
        : Library(machine) is { } library ? Finding.Ok($"Pins are driven through /dev/gpiochip0 and {library}.")
        : Finding.Problem("Neither libgpiod.so.2 nor libgpiod.so.3 is there.", "install libgpiod3 or libgpiod2, whichever the distribution has.");

    private static string? Library(Machine machine) =>
        new[] { "libgpiod.so.2", "libgpiod.so.3" }.FirstOrDefault(name => new[] { "/usr/lib/aarch64-linux-gnu", "/usr/lib/arm-linux-gnueabihf", "/usr/lib/x86_64-linux-gnu", "/usr/lib", "/usr/local/lib" }.Any(folder => machine.Exists($"{folder}/{name}")));
}
