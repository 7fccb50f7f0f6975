using System.Security.Cryptography;
using EdgeInference.Devices;
using EdgeInference.Runtime;

namespace EdgeDevice;

/// <summary>Whether the folder of models can be written, and stays written.</summary>
internal sealed class StoreCheck : ICheck
{
    public string Name => "store";

    public IEnumerable<Finding> Run(Examination examination)
    {
        Machine machine = examination.Machine;
        string folder = examination.Options.ModelFolder;
        string existing = folder;
        while (!machine.Exists(existing) && Path.GetDirectoryName(existing) is { Length: > 0 } parent)
        {
            existing = parent;
        }

        Mount? mount = Mount.Of(machine, existing);
        string[] left = [.. machine.List(folder, ".model*")];
        if (mount is { ReadOnly: true })
        {
            string also = left.Length > 0 ? $" and holds what an update left ({Path.GetFileName(left[0])})" : "";
            yield return Finding.Problem($"{folder} lies on {mount.Point}, which is mounted read-only{also}: the model in use goes on, and no update is kept.", "put Edge:ModelFolder on a partition that can be written; after a fault of the card: sudo fsck, or a new card.");
        }
        else if (mount is { Type: "overlay" or "tmpfs" })
        {
            yield return Finding.Warning($"{folder} lies on {mount.Point}, which is kept in memory ({mount.Type}): updates are lost at the next start.", "put Edge:ModelFolder on a partition of its own (docs/raspberry-pi-troubleshooting.md, read-only root).");
        }
        else if (!machine.Exists(folder))
        {
            yield return Finding.Warning($"{folder} is not there yet; the service makes it.", "start the service, or correct Edge:ModelFolder.");
        }
        else
        {
            yield return machine.Opening(machine.Path(folder)) is { } reason
                ? Finding.Problem($"{folder} cannot be written by {machine.User}: {reason}.", $"sudo chown -R edge-device: {folder}")
                : Finding.Ok($"{folder} can be written.");
        }

        if (Unreadable(machine.Path(folder), examination.Options) is { } lost)
        {
            yield return Finding.Problem(lost, "look at the card (sudo fsck) and put the newest model into the inbox; the service writes a new record when it starts.");
        }
    }

    // What the service itself would say, without its lock.
    private static string? Unreadable(string folder, EdgeOptions options)
    {
        var reports = new List<UpdateReport>();
        try
        {
            UpdatePolicy policy = options.Updates.ToPolicy();
            using TrustedKeys keys = policy.Keys;
            using ModelUpdater updater = ModelUpdater.Inspect(folder, null, policy, reports.Add);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or CryptographicException)
        {
            // That there is no model is said by the check of models.
        }

        return reports.Find(report => report.Outcome == UpdateOutcome.StorageFailed)?.Reason;
    }
}
