using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using EdgeRuntime.Stress;

namespace EdgeRuntime.Devices.Tests;

/// <summary>Kills a process that updates its model, at named points and at random moments: afterwards there is one valid model, and no version that was said to be applied is lost.</summary>
public sealed class KilledUpdateTests : IDisposable
{
    // More than is stored in the time that a round has; a child that has stored them all waits.
    private const int MostInOneRound = 64;

    private readonly string folder = Directory.CreateTempSubdirectory("edge-kill").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly UpdatePolicy policy = new();
    private readonly string keyPath;

    public KilledUpdateTests()
    {
        keyPath = Path.Combine(folder, "key.pem");
        File.WriteAllText(keyPath, key.ExportSubjectPublicKeyInfoPem());
        policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());
        Directory.CreateDirectory(Store);
        Directory.CreateDirectory(Models);
        File.WriteAllBytes(Path.Combine(Store, "model.edge"), VersionedModels.Signed(1, key));
    }

    // Made here once: a child that has to make them takes twice as long to start.
    private string Models => Path.Combine(folder, "models");

    private string Store => Path.Combine(folder, "store");

    public void Dispose()
    {
        policy.Keys.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Killed_at_each_step_the_old_or_the_new_model_is_there()
    {
        foreach (StoreStep step in Enum.GetValues<StoreStep>())
        {
            ulong before = InUse();
            Offer(before + 1, count: 1);
            using Process child = StressProcess.Start("update", Store, keyPath, Models, $"{before + 1}", step.ToString());
            (ulong applied, string tail) = ReadToEnd(child);
            Assert.True(applied == 0, $"{step}: {tail}");
            Assert.Equal(step >= StoreStep.Renamed ? before + 1 : before, InUse());
        }
    }

    [Fact]
    public void Killed_at_random_moments_nothing_is_lost()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("EDGE_KILL_ROUNDS") ?? "15", CultureInfo.InvariantCulture);
        var random = new Random(rounds);
        int interrupted = 0;
        for (int round = 0; round < rounds; round++)
        {
            ulong before = InUse();
            Offer(before + 1, MostInOneRound);
            using Process child = StressProcess.Start("update", Store, keyPath, Models, $"{before + 1}");
            Assert.Equal($"ready {before}", child.StandardOutput.ReadLine());
            Thread.Sleep(TimeSpan.FromMilliseconds(random.NextDouble() * 40));
            child.Kill();
            (ulong applied, string tail) = ReadToEnd(child);
            Assert.DoesNotContain("failed", tail, StringComparison.Ordinal);
            ulong said = Math.Max(before, applied);
            interrupted += Directory.GetFiles(Store).Length > 1 ? 1 : 0;
            ulong found = InUse();

            // The model may be on the disk before the process could say so.
            Assert.True(found == said || found == said + 1, $"round {round}: said {said}, found {found}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, {interrupted} killed while a temporary file was there");
    }

    private void Offer(ulong first, int count)
    {
        for (ulong version = first; version < first + (ulong)count; version++)
        {
            string path = Path.Combine(Models, VersionedModels.FileName(version));
            if (!File.Exists(path))
            {
                File.WriteAllBytes(path, VersionedModels.Signed(version, key));
            }
        }
    }

    // Opens the store as a restarted service does, and decides.
    private ulong InUse()
    {
        using ModelUpdater updater = ModelUpdater.Open(Store, null, policy, report => Assert.Fail(report.ToString()));
        Assert.Equal(["model.edge"], Directory.GetFiles(Store).Select(Path.GetFileName));
        using ModelSlot slot = updater.Host.CreateSlot();
        ulong version = updater.Host.Version;
        float logit = version % 500 / 100f;
        Assert.Equal(1 / (1 + Math.Exp(-logit)), slot.Decide(new float[VersionedModels.Inputs]).Probability, 1e-5);
        return version;
    }

    private static (ulong Applied, string Tail) ReadToEnd(Process child)
    {
        string output = child.StandardOutput.ReadToEnd();
        string errors = child.StandardError.ReadToEnd();
        child.WaitForExit();

        // The last line may have been cut by the kill.
        string[] lines = output[..(output.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string? last = lines.LastOrDefault(line => line.StartsWith("applied ", StringComparison.Ordinal));
        return (last is null ? 0 : ulong.Parse(last["applied ".Length..], CultureInfo.InvariantCulture), output + errors);
    }
}
