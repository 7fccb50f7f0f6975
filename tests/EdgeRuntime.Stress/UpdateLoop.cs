using System.Diagnostics;
using EdgeInference.Devices;

namespace EdgeInference.Runtime.Stress;

/// <summary>
/// Updates a store with one version after the other, from a folder of models, until somebody kills the process. Says each version after
/// it was applied. Where another program has the store it tries again, as a service that is restarted does.
/// </summary>
internal static class UpdateLoop
{
    internal static int Run(string folder, string keyPath, string models, ulong first, string? killAt)
    {
        var policy = new UpdatePolicy();
        policy.Keys.AddPem(File.ReadAllText(keyPath));
        using ModelUpdater updater = Open(folder, policy);
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

        Say($"ready {updater.Host.Version}");
        for (ulong version = first > 0 ? first : updater.Host.Version + 1; ; version++)
        {
            string path = Path.Combine(models, VersionedModels.FileName(version));
            if (!File.Exists(path))
            {
                Thread.Sleep(Timeout.Infinite);
            }

            byte[] model = File.ReadAllBytes(path);
            UpdateReport report = updater.Apply(model, "loop");
            if (report.Outcome != UpdateOutcome.Applied)
            {
                Say($"failed {report.Outcome} {report.Reason}");
                return 1;
            }

            Say($"applied {version}");
        }
    }

    private static ModelUpdater Open(string folder, UpdatePolicy policy)
    {
        bool said = false;
        while (true)
        {
            try
            {
                return ModelUpdater.Open(folder, null, policy, report =>
                {
                    if (report.Outcome != UpdateOutcome.Applied)
                    {
                        Say($"failed {report.Outcome} {report.Reason}");
                    }
                });
            }
            catch (StoreInUseException exception)
            {
                if (!said)
                {
                    Say($"refused {exception.Message}");
                    said = true;
                }

                Thread.Sleep(1);
            }
        }
    }

    private static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }
}
