namespace EdgeDevice;

/// <summary>Whether the clock is right: certificates of a server look as if they were not valid yet where it is not.</summary>
internal sealed class ClockCheck : ICheck
{
    public string Name => "clock";

    public IEnumerable<Finding> Run(Examination examination)
    {
        Machine machine = examination.Machine;
        DateTime built = Directory.Exists(machine.ProgramFolder) ? Directory.EnumerateFiles(machine.ProgramFolder, "edge-device*").Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max() : default;
        string? synchronized = machine.Command("timedatectl", ["show", "--property=NTPSynchronized", "--value"]);
        string up = machine.Read("/proc/uptime")?.Split(' ')[0] is { } seconds ? $", {seconds} seconds after the start" : "";
        yield return machine.Now.Year < built.Year || machine.Now < built.AddDays(-2)
            ? Finding.Problem($"The clock says {machine.Now:yyyy-MM-dd}, which is before this program was built ({built:yyyy-MM-dd}): every TLS connection fails.", "connect the network and wait for timedatectl to say 'System clock synchronized: yes', or fit a battery for the clock.")
            : synchronized == "no" ? Finding.Warning($"The clock says {machine.Now:yyyy-MM-dd} and no time server confirmed it{up}; updates wait until TLS accepts it.", "sudo timedatectl set-ntp true, and let UDP port 123 through.")
            : Finding.Ok($"The clock says {machine.Now:yyyy-MM-dd HH:mm} UTC{up}.");
    }
}
