using System.Globalization;

namespace EdgeDevice;

/// <summary>Whether more than one program would drive the same pin.</summary>
internal sealed class ProcessCheck : ICheck
{
    public string Name => "process";

    public IEnumerable<Finding> Run(Examination examination)
    {
        IReadOnlyList<int> others = Others(examination.Machine);
        yield return others.Count > 1
            ? Finding.Problem($"{others.Count} programs edge-device run ({string.Join(", ", others)}): they share sensor, pin and models.", "sudo systemctl status edge-device says which is the service's; end the others with kill.")
            : Finding.Ok(others.Count == 1 ? $"edge-device runs as process {others[0]}." : "No other edge-device runs.");
    }

    internal static IReadOnlyList<int> Others(Machine machine) =>
        [.. machine.List("/proc").Select(folder => (Folder: folder, Id: int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) ? id : 0))
            .Where(process => process.Id > 0 && process.Id != machine.ProcessId && IsService(machine.Read(process.Folder + "/cmdline")))
            .Select(process => process.Id).Order()];

    // Run by itself or by dotnet, and without a verb: those of a verb end by themselves.
    private static bool IsService(string? line)
    {
        string[] words = line?.Split('\0', StringSplitOptions.RemoveEmptyEntries) ?? [];
        string[] arguments = words is [string program, ..] && Path.GetFileName(program) == "edge-device" ? words[1..]
            : words is [_, string library, ..] && Path.GetFileName(library) == "edge-device.dll" ? words[2..]
            : ["none"];
        return arguments.All(argument => argument.StartsWith("--", StringComparison.Ordinal));
    }
}
