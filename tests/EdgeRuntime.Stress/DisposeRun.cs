using EdgeInference.Devices;

namespace EdgeInference.Runtime.Stress;

/// <summary>
/// Disposes handles on one thread while others use them, as often as asked for. Every call gives the right result or throws
/// <see cref="ObjectDisposedException"/>; memory that was freed too early ends the process.
/// </summary>
internal static class DisposeRun
{
    private const int Threads = 3;
    private const int Inputs = 4096;
    private const int Rows = 24;

    private static byte[] File { get; } = VersionedModels.Create(1, Inputs);

    private static float[] Input { get; } = [.. Enumerable.Range(0, Inputs).Select(i => MathF.Sin(i))];

    private static float Expected { get; } = Reference();

    /// <summary>The kinds of handle, by the names that the command line uses.</summary>
    internal static IReadOnlyDictionary<string, Func<string, Case>> Cases { get; } = new Dictionary<string, Func<string, Case>>
    {
        ["session"] = _ => OfSession((model, session) => session.Dispose()),
        ["model"] = _ => OfSession((model, session) => model.Dispose()),
        ["both"] = _ => OfSession((model, session) =>
        {
            model.Dispose();
            session.Dispose();
        }),
        ["reference"] = _ => OfSession((model, session) => model.Dispose(), KernelSet.Reference),
        ["in-place"] = _ => OfSession((model, session) => session.Dispose(), run: (session, input) =>
        {
            input.CopyTo(session.Input<float>());
            session.Run();
            return session.Output<float>()[0];
        }),
        ["batch"] = _ => OfSession((model, session) => session.Dispose(), run: RunBatch),
        ["batch-model"] = _ => OfSession((model, session) => model.Dispose(), run: RunBatch),
        ["mapped"] = path => OfSession((model, session) => model.Dispose(), load: () => EdgeModel.Load(path, new ModelLoadOptions { MapFile = true })),
        ["create"] = _ => OfModel(model =>
        {
            using Session session = model.CreateSession();
            return Run(session, Input);
        }),
        ["self-test"] = _ => OfModel(model => SelfTest.Run(model) ? Expected : float.NaN),
        ["metadata"] = path => OfModel(
            model => model.File.Bytes.Copy(0, model.File.Length).Length == model.File.Length && model.Labels.Count == 0 && model.Inputs[0].Elements == Inputs ? Expected : float.NaN,
            () => EdgeModel.Load(path, new ModelLoadOptions { MapFile = true })),
        ["classifier"] = OfClassifier,
        ["slot"] = _ => OfHost((host, slot) => slot.Dispose()),
        ["host"] = _ => OfHost((host, slot) => host.Dispose()),
        ["swap"] = _ => OfHost((host, slot) =>
        {
            host.Swap(Load(), 2);
            host.FreeUnused();
            slot.Dispose();
            host.Dispose();
        }),
    };

    internal static int Run(string name, int times)
    {
        string path = Path.Combine(Path.GetTempPath(), $"dispose-{Guid.NewGuid():N}.edge");
        System.IO.File.WriteAllBytes(path, File);
        try
        {
            long results = 0;
            long disposed = 0;
            for (int i = 0; i < times; i++)
            {
                Round(Cases[name](path), i, ref results, ref disposed);
            }

            Console.WriteLine($"{name}: {results} results, {disposed} times ObjectDisposedException");
            return 0;
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    /// <summary>Uses spans over the arena of a session, and of one whose model goes, after both were freed. The arena is large enough that freed memory is not the process's any more.</summary>
    internal static int Spans()
    {
        const int Large = 2 << 20;
        byte[] file = VersionedModels.Create(1, Large);
        for (int i = 0; i < 4; i++)
        {
            EdgeModel model = EdgeModel.Load(file);
            Session session = model.CreateSession();
            Span<float> input = session.Input<float>();
            ReadOnlySpan<float> output = session.Output<float>();
            session.Run();
            float before = output[0];
            (i % 2 == 0 ? (IDisposable)session : model).Dispose();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            input.Fill(1);
            if (input.IndexOfAnyExcept(1) >= 0 || output[0] != before)
            {
                Console.WriteLine("A span changed.");
                return 1;
            }
        }

        Console.WriteLine("spans stay");
        return 0;
    }

    /// <summary>Loads a file, empties it, and runs the model.</summary>
    internal static int Truncate(bool map)
    {
        string path = Path.Combine(Path.GetTempPath(), $"truncate-{Guid.NewGuid():N}.edge");
        try
        {
            System.IO.File.WriteAllBytes(path, File);
            using EdgeModel model = EdgeModel.Load(path, new ModelLoadOptions { MapFile = map });
            System.IO.File.Open(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite).Dispose();
            using Session session = model.CreateSession();
            Console.WriteLine(Run(session, Input) == Expected && SelfTest.Run(model) ? "right" : "wrong");
            return 0;
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    // Threads that each use a handle of their own until it throws, beside one that disposes.
    private static void Round(Case round, int index, ref long results, ref long disposed)
    {
        long right = 0;
        int thrown = 0;
        Exception? wrong = null;
        using var started = new CountdownEvent(round.Users.Count);
        Thread[] threads = [.. round.Users.Select(use => new Thread(() =>
        {
            started.Signal();
            try
            {
                while (use() is { } result)
                {
                    if (result != Expected)
                    {
                        throw new InvalidOperationException($"{result} instead of {Expected}.");
                    }

                    Interlocked.Increment(ref right);
                }
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref thrown);
            }
            catch (Exception exception)
            {
                Interlocked.Exchange(ref wrong, exception);
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        // Sometimes before the first run, mostly during one.
        started.Wait();
        Thread.SpinWait(index * 37 % 4000);
        round.Dispose();
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        if (wrong is not null)
        {
            throw new InvalidOperationException("A call failed in another way than by ObjectDisposedException.", wrong);
        }

        results += right;
        disposed += thrown;
    }

    private static Case OfSession(Action<EdgeModel, Session> dispose, KernelSet kernels = KernelSet.Fast, Func<Session, float[], float>? run = null, Func<EdgeModel>? load = null)
    {
        EdgeModel model = load?.Invoke() ?? Load();
        Session[] sessions = [.. Enumerable.Range(0, Threads).Select(_ => model.CreateSession(kernels))];
        return new Case(
            [.. sessions.Select(session => (Func<float?>)(() => (run ?? Run)(session, Input)))],
            () =>
            {
                foreach (Session session in sessions)
                {
                    dispose(model, session);
                }
            });
    }

    private static Case OfModel(Func<EdgeModel, float> use, Func<EdgeModel>? load = null)
    {
        EdgeModel model = load?.Invoke() ?? Load();
        return new Case([.. Enumerable.Repeat<Func<float?>>(() => use(model), Threads)], model.Dispose);
    }

    private static Case OfClassifier(string path)
    {
        Classifier[] classifiers = [.. Enumerable.Range(0, Threads).Select(_ => Classifier.Open(path))];
        return new Case(
            [.. classifiers.Select(classifier => (Func<float?>)(() => classifier.Classify(Input).Probability))],
            () => Array.ForEach(classifiers, classifier => classifier.Dispose()));
    }

    private static Case OfHost(Action<ModelHost, ModelSlot> dispose)
    {
        var host = new ModelHost(Load(), 1);
        ModelSlot[] slots = [.. Enumerable.Range(0, Threads).Select(_ => host.CreateSlot())];
        return new Case(
            [.. slots.Select(slot => (Func<float?>)(() => slot.Decide(Input).Probability))],
            () =>
            {
                foreach (ModelSlot slot in slots)
                {
                    try
                    {
                        dispose(host, slot);
                    }
                    catch (ObjectDisposedException)
                    {
                        // The host, with the slot before.
                    }
                }
            });
    }

    private static float Run(Session session, float[] input)
    {
        Span<float> output = stackalloc float[1];
        session.Run(input, output);
        return output[0];
    }

    private static float RunBatch(Session session, float[] input)
    {
        float[] rows = [.. Enumerable.Repeat(input, Rows).SelectMany(row => row)];
        float[] outputs = new float[Rows];
        session.RunBatch(rows, outputs, Rows);

        // Batches agree with single runs to the last bits only.
        return MathF.Abs(outputs[0] - Expected) < 1e-5f ? Expected : outputs[0];
    }

    private static EdgeModel Load() => EdgeModel.Load(File);

    private static float Reference()
    {
        using EdgeModel model = Load();
        using Session session = model.CreateSession();
        return Run(session, Input);
    }

    /// <summary>What threads do until it throws or gives null, and what ends it.</summary>
    internal sealed record Case(IReadOnlyList<Func<float?>> Users, Action Dispose);
}
