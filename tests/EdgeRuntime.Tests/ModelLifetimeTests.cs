using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Tests;

namespace EdgeInference.Runtime.Tests;

/// <summary>What a model holds is given back whether or not it is disposed, and never while a session runs on it.</summary>
public sealed class ModelLifetimeTests
{
    private const int Models = 200;

    [Fact]
    public void Undisposed_models_do_not_keep_their_bytes_pinned()
    {
        WeakReference[] bytes = LoadFromMemory();

        Collect();

        Assert.Equal(0, bytes.Count(reference => reference.IsAlive));
    }

    [Fact]
    public void Undisposed_models_do_not_keep_their_files_mapped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mappings are listed in /proc.");
        string path = Path.Combine(Path.GetTempPath(), $"lifetime-{Guid.NewGuid():N}.edge");
        File.WriteAllBytes(path, SampleModel.Float32());
        try
        {
            LoadFromFile(path);

            Collect();

            Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_session_keeps_the_model_that_it_runs()
    {
        float[] expected;
        using (EdgeModel model = EdgeModel.Load(SampleModel.Float32()))
        using (Session session = model.CreateSession())
        {
            expected = new float[session.OutputLength];
            session.Run(Input(session), expected);
        }

        (Session undisposed, WeakReference bytes) = SessionOfForgottenModel();
        Collect();
        float[] output = new float[expected.Length];
        undisposed.Run(Input(undisposed), output);

        Assert.True(bytes.IsAlive);
        Assert.Equal(expected, output);
        GC.KeepAlive(undisposed);
    }

    [Fact]
    public void A_file_outlives_a_model_that_was_not_disposed()
    {
        string path = Path.Combine(Path.GetTempPath(), $"lifetime-{Guid.NewGuid():N}.edge");
        byte[] bytes = SampleModel.Float32();
        File.WriteAllBytes(path, bytes);
        try
        {
            ModelFile file = FileOfForgottenModel(path);

            Collect();

            Assert.Equal(bytes, file.Bytes.Memory.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_bytes_of_a_disposed_model_cannot_be_read()
    {
        string path = Path.Combine(Path.GetTempPath(), $"lifetime-{Guid.NewGuid():N}.edge");
        File.WriteAllBytes(path, SampleModel.Float32());
        try
        {
            EdgeModel model = EdgeModel.Load(path, new ModelLoadOptions { MapFile = true });
            model.Dispose();

            Assert.Throws<ObjectDisposedException>(() => model.File.Bytes.U8(0));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public unsafe void A_copied_file_is_not_mapped_and_may_be_deleted()
    {
        string path = Path.Combine(Path.GetTempPath(), $"lifetime-{Guid.NewGuid():N}.edge");
        File.WriteAllBytes(path, SampleModel.Float32());
        using EdgeModel model = EdgeModel.Load(path);
        bool mapped = OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/maps").Contains(path, StringComparison.Ordinal);
        File.Delete(path);

        Assert.False(mapped);
        Assert.Equal(0, (nint)model.Memory.Base % 64);
        Assert.Equal(SampleModel.Float32(), model.File.Bytes.Copy(0, model.File.Bytes.Length));
    }

    [Fact]
    public void A_disposed_model_ends_its_sessions()
    {
        EdgeModel model = EdgeModel.Load(SampleModel.Float32());
        using Session session = model.CreateSession();
        using Session unused = model.CreateSession(KernelSet.Reference);
        session.Run(Input(session), new float[session.OutputLength]);
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(session.Run);
        Assert.Throws<ObjectDisposedException>(() => session.Run(Input(session), new float[session.OutputLength]));
        Assert.Throws<ObjectDisposedException>(() => session.RunBatch([], [], 0));
        Assert.Throws<ObjectDisposedException>(() => session.Input<float>().Length);
        Assert.Throws<ObjectDisposedException>(() => session.Output<float>().Length);
        Assert.Throws<ObjectDisposedException>(session.Reset);
        Assert.Throws<ObjectDisposedException>(unused.Run);
        Assert.Throws<ObjectDisposedException>(() => new Classifier(model));
        Assert.Throws<ObjectDisposedException>(() => SelfTest.Run(model));
    }

    [Fact]
    public void One_thread_at_a_time_uses_a_session()
    {
        using EdgeModel model = EdgeModel.Load(SampleModel.Float32());
        using var memory = new SessionMemory(model.Memory, 64);
        Assert.Throws<InvalidOperationException>(memory.Enter);
        memory.Leave();
        memory.Enter();
        Assert.Throws<InvalidOperationException>(memory.Enter);

        // Closed while it is in use: nothing begins any more, and what is in use ends.
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(memory.ThrowIfClosed);
        Assert.Throws<ObjectDisposedException>(() => memory.Span<byte>(0, 1).Length);
        Assert.Throws<InvalidOperationException>(memory.Enter);
        memory.Leave();
        Assert.Throws<ObjectDisposedException>(memory.Enter);
        Assert.Throws<ObjectDisposedException>(memory.Enter);
    }

    // Its locals must not live in the frame of the test that collects.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] LoadFromMemory()
    {
        var references = new WeakReference[Models];
        for (int i = 0; i < Models; i++)
        {
            byte[] bytes = SampleModel.Float32();
            references[i] = new WeakReference(bytes);
            _ = EdgeModel.Load(bytes);
        }

        return references;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoadFromFile(string path)
    {
        for (int i = 0; i < Models; i++)
        {
            _ = EdgeModel.Load(path, new ModelLoadOptions { MapFile = true });
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Session Session, WeakReference Bytes) SessionOfForgottenModel()
    {
        byte[] bytes = SampleModel.Float32();
        return (EdgeModel.Load(bytes).CreateSession(), new WeakReference(bytes));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ModelFile FileOfForgottenModel(string path) => EdgeModel.Load(path, new ModelLoadOptions { MapFile = true }).File;

    // Twice: what a finalizer lets go of is collected only after it ran.
    private static void Collect()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        GC.Collect();
    }

    private static float[] Input(Session session) => [.. Enumerable.Range(0, session.InputLength).Select(i => 0.25f * i)];
}
