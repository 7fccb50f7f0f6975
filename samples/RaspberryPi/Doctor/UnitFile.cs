namespace EdgeDevice;

/// <summary>The directives of a systemd unit, its drop-ins included.</summary>
internal sealed class UnitFile
{
    private const string FileName = "edge-device.service";

    private UnitFile(IEnumerable<string> texts) =>
        Lines = [.. texts.SelectMany(text => text.Split('\n')).Select(line => line.Trim()).Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] is not ('#' or ';'))];

    internal IReadOnlyList<string> Lines { get; }

    /// <summary>The last value of a directive, which is the one that counts; null where it is not named.</summary>
    internal string? Last(string name) => Lines.LastOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();

    /// <summary>The words of all values of a directive.</summary>
    internal string[] All(string name) => [.. Lines.Where(line => line.StartsWith(name + "=", StringComparison.Ordinal)).SelectMany(line => line[(name.Length + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The unit beside the program.</summary>
    internal static UnitFile? Shipped(Machine machine) => Machine.ReadFile(Path.Combine(machine.ProgramFolder, FileName)) is { } text ? new UnitFile([text]) : null;

    /// <summary>The unit that systemd has, and where it lies.</summary>
    internal static (UnitFile? Unit, string Path) Find(Machine machine)
    {
        foreach (string folder in new[] { "/etc/systemd/system", "/usr/lib/systemd/system" })
        {
            string path = $"{folder}/{FileName}";
            if (machine.Read(path) is { } text)
            {
                return (new UnitFile([text, .. machine.List($"/etc/systemd/system/{FileName}.d", "*.conf").Select(file => machine.Read(file) ?? "")]), path);
            }
        }

        return (null, "");
    }
}
