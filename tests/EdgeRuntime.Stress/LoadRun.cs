using System.Collections.Concurrent;
using System.Diagnostics;
using EdgeInference.Devices;

namespace EdgeInference.Runtime.Stress;

/// <summary>What a load run found.</summary>
/// <param name="Decisions">Decisions of all threads.</param>
/// <param name="Swaps">Models swapped in.</param>
/// <param name="Wrong">Decisions whose bits are not those of the model version that they name.</param>
/// <param name="Allocated">Bytes allocated on the deciding threads.</param>
/// <param name="VersionsSeen">Different versions that decided.</param>
/// <param name="GrowthBytes">Resident memory at the end less that after the first fifth.</param>
internal sealed record LoadResult(long Decisions, int Swaps, long Wrong, long Allocated, int VersionsSeen, long GrowthBytes);

/// <summary>Decides on many threads, each with a session of its own, while models are swapped; each decision is checked against the version that it says made it.</summary>
internal static class LoadRun
{
    private const int Inputs = 256;
    private const int Vectors = 16;

    internal static int Run(int threads, TimeSpan duration)
    {
        LoadResult result = Measure(threads, duration, TimeSpan.FromSeconds(1));
        Console.WriteLine(result);
        return result.Wrong == 0 && result.Allocated == 0 ? 0 : 1;
    }

    internal static LoadResult Measure(int threads, TimeSpan duration, TimeSpan swapEvery)
    {
        float[][] inputs = Enumerable.Range(0, Vectors).Select(i => Enumerable.Range(0, Inputs).Select(j => MathF.Sin(i + j)).ToArray()).ToArray();
        var expected = new ConcurrentDictionary<ulong, float[]>();
        using var host = new ModelHost(Model(1, inputs, expected), 1);
        using var stop = new CancellationTokenSource();
        var totals = new Totals();
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() => Decide(host, inputs, expected, totals, stop.Token)))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        long start = Stopwatch.GetTimestamp();
        long early = 0;
        int swaps = 0;
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            Thread.Sleep(swapEvery);
            ulong version = (ulong)(swaps + 2);
            host.Swap(Model(version, inputs, expected), version);
            host.FreeUnused();
            swaps++;
            if (early == 0 && Stopwatch.GetElapsedTime(start) > duration / 5)
            {
                early = Resident();
            }
        }

        stop.Cancel();
        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        return new LoadResult(totals.Decisions, swaps, totals.Wrong, totals.Allocated, totals.Versions.Count, Resident() - early);
    }

    private static void Decide(ModelHost host, float[][] inputs, ConcurrentDictionary<ulong, float[]> expected, Totals totals, CancellationToken stop)
    {
        ModelSlot slot = host.CreateSlot();
        long decisions = 0;
        long wrong = 0;
        long allocated = 0;
        ulong last = 0;

        // The runtime's own first steps on this path are not the path's.
        _ = expected.TryGetValue(slot.Version, out _) && slot.Decide(inputs[0]).ClassIndex > 1;
        while (!stop.IsCancellationRequested)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Vectors; i++)
            {
                Decision decision = slot.Decide(inputs[i]);
                ulong version = slot.Version;
                bool good = expected.TryGetValue(version, out float[]? outputs) && outputs[i] == decision.Probability;
                wrong += good ? 0 : 1;
                decisions++;
            }

            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            if (slot.Version != last)
            {
                last = slot.Version;
                totals.Versions.TryAdd(last, true);
            }
        }

        Interlocked.Add(ref totals.Decisions, decisions);
        Interlocked.Add(ref totals.Wrong, wrong);
        Interlocked.Add(ref totals.Allocated, allocated);
        slot.Dispose();
    }

    private static EdgeModel Model(ulong version, float[][] inputs, ConcurrentDictionary<ulong, float[]> expected)
    {
        var model = EdgeModel.Load(VersionedModels.Create(version, Inputs));
        using var classifier = new Classifier(model);
        expected[version] = [.. inputs.Select(input => classifier.Classify(input).Probability)];
        return model;
    }

    private static long Resident()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private sealed class Totals
    {
        internal long Decisions;
        internal long Wrong;
        internal long Allocated;

        internal ConcurrentDictionary<ulong, bool> Versions { get; } = [];
    }
}
