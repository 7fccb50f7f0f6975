using System.Globalization;

namespace EdgeDevice;

/// <summary>Whether the disk has room for an update beside the model in use.</summary>
internal sealed class DiskCheck : ICheck
{
    // The model in use, the one before, the new one, and as much again.
    private const long Models = 4;
    private const long FewFiles = 1000;

    public string Name => "disk";

    public IEnumerable<Finding> Run(Examination examination)
    {
        string folder = examination.Options.ModelFolder;
        while (!examination.Machine.Exists(folder) && Path.GetDirectoryName(folder) is { Length: > 0 } parent)
        {
            folder = parent;
        }

        long few = Models * examination.Options.Updates.MaxBytes;
        (long? bytes, long? files) = (Answer(examination.Machine, "avail", folder), Answer(examination.Machine, "iavail", folder));
        yield return bytes is null ? Finding.Warning($"The free room in {folder} could not be asked for.", $"df {folder}")
            : bytes < few ? Finding.Problem($"{folder} has {bytes / 1024 / 1024} MB free; an update needs up to {few / 1024 / 1024} MB.", "sudo journalctl --vacuum-size=50M, or take away what is not needed.")
            : files is > 0 and < FewFiles ? Finding.Problem($"{folder} has room for {files} more files only (inodes).", "take away small files, often below /var/spool or /tmp.")
            : Finding.Ok($"{folder} has {bytes / 1024 / 1024} MB free.");
    }

    private static long? Answer(Machine machine, string column, string folder) =>
        machine.Command("df", [column == "avail" ? "--block-size=1" : "--inodes", $"--output={column}", folder])?.Split('\n') is [.., string last]
        && long.TryParse(last.Trim(), CultureInfo.InvariantCulture, out long value) ? value : null;
}
