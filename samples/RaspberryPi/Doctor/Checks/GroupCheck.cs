namespace EdgeDevice;

/// <summary>Whether the groups that open the devices exist and the user is in those that the settings need.</summary>
internal sealed class GroupCheck : ICheck
{
    public string Name => "groups";

    public IEnumerable<Finding> Run(Examination examination)
    {
        Dictionary<string, string[]> groups = Read(examination.Machine);
        string[] named = (UnitFile.Find(examination.Machine).Unit ?? UnitFile.Shipped(examination.Machine))?.All("SupplementaryGroups") ?? [];
        string[] missing = [.. named.Where(group => !groups.ContainsKey(group))];
        if (missing.Length > 0)
        {
            yield return Finding.Problem($"The unit names the groups {string.Join(", ", missing)}, which this system does not have: systemd ends the service with status=216/GROUP.", $"sudo groupadd --system {string.Join(" ; sudo groupadd --system ", missing)}");
        }

        string user = examination.Machine.User;
        string[] absent = [.. Needed(examination).Where(group => user != "root" && groups.TryGetValue(group, out string[]? members) && !members.Contains(user))];
        if (absent.Length > 0)
        {
            yield return Finding.Warning($"{user} is not in the groups {string.Join(", ", absent)}; the service gets them from its unit, this program does not.", $"sudo usermod -aG {string.Join(",", absent)} {user}, then log in again.");
        }

        if (missing.Length + absent.Length == 0)
        {
            yield return Finding.Ok("The groups are there.");
        }
    }

    private static IEnumerable<string> Needed(Examination examination)
    {
        if (examination.Wires.I2cBus is not null)
        {
            yield return "i2c";
        }

        if (examination.Wires.SpiBus is not null)
        {
            yield return "spi";
        }

        if (examination.Wires.Pins || examination.DrivesPin)
        {
            yield return "gpio";
        }
    }

    private static Dictionary<string, string[]> Read(Machine machine)
    {
        var groups = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (string line in machine.Read("/etc/group")?.Split('\n') ?? [])
        {
            if (line.Split(':') is [string name, _, _, string members])
            {
                groups[name] = members.Split(',');
            }
        }

        return groups;
    }
}
