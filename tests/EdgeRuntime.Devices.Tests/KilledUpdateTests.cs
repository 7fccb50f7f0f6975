using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Stress;

namespace EdgeInference.Devices.Tests;

/// <summary>Kills a process that updates its model, at named points and at random moments: afterwards there is one valid model, and no version that was said to be applied is lost.</summary>
public sealed class KilledUpdateTests : IDisposable
{
    // As many as are stored in the time that a round has; a child that has stored them all waits.
    private const ulong MostInOneRound = 8;
    private const int Chains = 3;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = Chains };

    private readonly string folder = Directory.CreateTempSubdirectory("edge-kill").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string keyPath;
    private int stores;

    public KilledUpdateTests()
    {
        keyPath = Path.Combine(folder, "key.pem");
        File.WriteAllText(keyPath, key.ExportSubjectPublicKeyInfoPem());
        Directory.CreateDirectory(Models);
    }

    private string Models => Path.Combine(folder, "models");

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Killed_at_each_step_the_old_or_the_new_model_is_there()
    {
        MakeModels(2);
        Parallel.ForEach(Enum.GetValues<StoreStep>(), AtOnce, step =>
        {
            string store = NewStore();
            using Process child = StressProcess.Start("update", store, keyPath, Models, "2", step.ToString());
            (ulong applied, string tail) = ReadToEnd(child);
            Assert.True(applied == 0, $"{step}: {tail}");
            Assert.Equal(step >= StoreStep.Renamed ? 2ul : 1ul, InUse(store));
        });
    }

    [Fact]
    public void Killed_at_random_moments_nothing_is_lost()
    {
        // Chains of rounds, each on a store of its own, so that one child starts while another is looked at.
        int rounds = int.Parse(Environment.GetEnvironmentVariable("EDGE_KILL_ROUNDS") ?? "15", CultureInfo.InvariantCulture);
        int interrupted = 0;
        MakeModels(MostInOneRound * (ulong)((rounds / Chains) + 1));
        Parallel.For(0, Chains, AtOnce, chain =>
        {
            var random = new Random(rounds + chain);
            string store = NewStore();
            for (int round = chain; round < rounds; round += Chains)
            {
                ulong before = InUse(store);
                using Process child = StressProcess.Start("update", store, keyPath, Models, $"{before + 1}");
                Assert.Equal($"ready {before}", child.StandardOutput.ReadLine());
                Thread.Sleep(TimeSpan.FromMilliseconds(random.NextDouble() * 40));
                child.Kill();
                (ulong applied, string tail) = ReadToEnd(child);
                Assert.DoesNotContain("failed", tail, StringComparison.Ordinal);
                ulong said = Math.Max(before, applied);
                Interlocked.Add(ref interrupted, Directory.GetFiles(store, ".model.edge.*").Length > 0 ? 1 : 0);
                ulong found = InUse(store);

                // The model may be on the disk before the process could say so.
                Assert.True(found == said || found == said + 1, $"chain {chain}, round {round}: said {said}, found {found}");
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, {interrupted} killed while a temporary file was there");
    }

    [Fact]
    public void Of_two_competing_programs_that_are_killed_nothing_is_lost()
    {
        // Two children want the store for ever; one of them is killed, whichever it is, and started again.
        int rounds = int.Parse(Environment.GetEnvironmentVariable("EDGE_KILL_ROUNDS") ?? "8", CultureInfo.InvariantCulture);
        MakeModels(MostInOneRound);
        int owners = 0;
        int refused = 0;
        Parallel.For(0, Chains, AtOnce, chain =>
        {
            var random = new Random(rounds + chain);
            string store = NewStore();
            for (int round = chain; round < rounds; round += Chains)
            {
                ulong before = InUse(store);
                if (before >= MostInOneRound)
                {
                    Directory.Delete(store, recursive: true);
                    store = NewStore();
                    before = 1;
                }

                using Process first = StressProcess.Start("update", store, keyPath, Models, "0");
                using Process second = StressProcess.Start("update", store, keyPath, Models, "0");
                Task<string?> one = first.StandardOutput.ReadLineAsync();
                Task<string?> two = second.StandardOutput.ReadLineAsync();
                Task.WaitAll([one, two], Hang);
                Assert.Equal(["ready", "refused"], new[] { one.Result!, two.Result! }.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
                bool firstOwns = one.Result!.StartsWith("ready", StringComparison.Ordinal);
                Thread.Sleep(TimeSpan.FromMilliseconds(random.NextDouble() * 20));

                // The one that waits takes over what the other left, and is killed too.
                (Process owner, Process waiting) = firstOwns ? (first, second) : (second, first);
                owner.Kill();
                (ulong applied, string tail) = ReadToEnd(owner);
                ulong said = Math.Max(before, applied);
                string? ready = waiting.StandardOutput.ReadLineAsync().WaitAsync(Hang).GetAwaiter().GetResult();
                Assert.StartsWith("ready ", ready!, StringComparison.Ordinal);
                ulong taken = ulong.Parse(ready!["ready ".Length..], CultureInfo.InvariantCulture);
                Assert.True(taken == said || taken == said + 1, $"chain {chain}, round {round}: said {said}, the next program found {taken}");
                Thread.Sleep(TimeSpan.FromMilliseconds(random.NextDouble() * 20));
                waiting.Kill();
                (ulong last, string lastTail) = ReadToEnd(waiting);
                Assert.DoesNotContain("failed", tail + lastTail, StringComparison.Ordinal);
                ulong found = InUse(store);
                said = Math.Max(taken, last);
                Assert.True(found == said || found == said + 1, $"chain {chain}, round {round}: the second said {said}, found {found}");
                Interlocked.Increment(ref owners);
                Interlocked.Increment(ref refused);
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{owners} programs killed while they had the store, {refused} that were refused took over and were killed too");
    }

    // Once for all: a child that has to make its own takes longer to start.
    private void MakeModels(ulong count)
    {
        for (ulong version = 1; version <= count; version++)
        {
            File.WriteAllBytes(Path.Combine(Models, VersionedModels.FileName(version)), VersionedModels.Signed(version, key));
        }
    }

    // With version 1 in it.
    private string NewStore()
    {
        string store = Directory.CreateDirectory(Path.Combine(folder, $"store-{Interlocked.Increment(ref stores)}")).FullName;
        File.Copy(Path.Combine(Models, VersionedModels.FileName(1)), Path.Combine(store, "model.edge"));
        return store;
    }

    // Opens the store as a restarted service does, and decides.
    private ulong InUse(string store)
    {
        var policy = new UpdatePolicy();
        using TrustedKeys keys = policy.Keys;
        keys.AddPem(File.ReadAllText(keyPath));
        using ModelUpdater updater = ModelUpdater.Open(store, null, policy, report => Assert.Fail(report.ToString()));
        Assert.Empty(Directory.GetFiles(store).Select(Path.GetFileName).Except([".lock", "model.edge", "previous.edge", "model.state", "model.state.copy"]));
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
