using System.Diagnostics;
using System.Security.Cryptography;
using EdgeRuntime.Devices;

namespace EdgeRuntime.Stress;

/// <summary>Updates a store with one version after the other until somebody kills the process. Says each version after it was applied.</summary>
internal static class UpdateLoop
{
    internal static int Run(string folder, string keyPath, ulong first, string? killAt)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(keyPath));
        var policy = new UpdatePolicy();
        policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());
        using var updater = ModelUpdater.Open(folder, null, policy);
        if (killAt is not null)
        {
            updater.Store.Passed = step =>
            {
                if (step.ToString() == killAt)
                {
                    Process.GetCurrentProcess().Kill();
                    Thread.Sleep(Timeout.Infinite);
                }
            };
        }

        byte[][] models = [.. Enumerable.Range(0, 8).Select(i => VersionedModels.Signed(first + (ulong)i, key))];
        Say($"ready {updater.Host.Version}");
        for (ulong version = first; ; version++)
        {
            int ahead = (int)(version - first);
            byte[] model = ahead < models.Length ? models[ahead] : VersionedModels.Signed(version, key);
            UpdateReport report = updater.Apply(model, "loop");
            if (report.Outcome != UpdateOutcome.Applied)
            {
                Say($"failed {report.Outcome} {report.Reason}");
                return 1;
            }

            Say($"applied {version}");
        }
    }

    private static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }
}
