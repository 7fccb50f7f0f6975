using System.Security.Cryptography;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Devices.Tests;

/// <summary>A loop that learns from labels, what it learned on the disk, and what becomes of it when the model is another.</summary>
public sealed class DeviceLearningTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-learn").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly UpdatePolicy policy = new();

    public DeviceLearningTests() => policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());

    public void Dispose()
    {
        policy.Keys.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_loop_learns_the_values_of_the_next_decision_and_keeps_what_a_classifier_would()
    {
        int row = 0;
        float[][] rows = [.. LearningModels.Rows.Rows];
        using var host = new ModelHost(EdgeModel.Load(LearningModels.Int8), 1);
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(30, sample => rows[row].CopyTo(sample)));
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) }, []);
        Assert.Null(host.LearnedState);
        Assert.Equal("'2' is not a class of the model; its classes are 0 to 1.", loop.Learn("2"));
        loop.Step();
        Assert.Equal((0, false), (loop.Statistics.Learned, slot.IsAdapted));

        using EdgeModel model = EdgeModel.Load(LearningModels.Int8);
        using var peer = new AdaptiveClassifier(model);
        for (row = 0; row < 12; row++)
        {
            // As seen by a sensor that has drifted.
            rows[row] = [.. rows[row].Select(value => value * 1.2f)];
            int label = LearningModels.Rows.Labels[row];
            Assert.Null(loop.Learn(label == 0 ? "0" : "1"));
            loop.Step();
            peer.Learn(rows[row], label);
        }

        Assert.Equal(12, loop.Statistics.Learned);
        Assert.Equal(peer.Save(), host.LearnedState!.Value.ToArray());
        Assert.Equal((peer.IsAdapted, peer.Reason), (slot.IsAdapted, slot.LearningReason));
        for (row = 20; row < 40; row++)
        {
            loop.Step();
            Assert.Equal(peer.Classify(rows[row]), loop.LastDecision);
        }

        Assert.Equal(12, loop.Statistics.Learned);
    }

    [Fact]
    public void A_model_that_was_not_prepared_says_so()
    {
        using var host = new ModelHost(EdgeModel.Load(LearningModels.Plain), 1);
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(30, sample => sample.Clear()));
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) }, []);
        Assert.Equal("The model does not learn from labels; make it with 'edge train --adaptable'.", loop.Learn("1"));
        Assert.Equal(LearningHeads.None, slot.Heads);
        Assert.Throws<InvalidOperationException>(() => slot.Learn(new float[30], 0));
        Assert.Contains("was not prepared to learn", host.Restore(Learned(LearningModels.Int8, 4)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_was_added_moves_no_output()
    {
        byte[] state;
        using (EdgeModel model = EdgeModel.Load(LearningModels.Int8))
        using (var teacher = new AdaptiveClassifier(model))
        {
            int added = teacher.AddClass("odd");
            for (int i = 0; i < 5; i++)
            {
                teacher.Learn(Odd(), added);
            }

            Assert.True(teacher.Classify(Odd()).ClassIndex == 2, teacher.Reason);
            state = teacher.Save();
        }

        var shown = new List<int>();
        bool odd = false;
        using var host = new ModelHost(EdgeModel.Load(LearningModels.Int8), 1);
        Assert.Null(host.Restore(state));
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(30, sample => (odd ? Odd() : LearningModels.Rows.Rows[0]).CopyTo(sample)));
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1), ToleratedAbstentions = 1 }, [new CallbackOutput(shown.Add)]);
        loop.Step();
        int label = loop.Label;
        Assert.True(label >= 0);
        odd = true;
        loop.Step();
        Assert.Equal(("odd", label, 1), (loop.LastDecision.ClassText, loop.Label, loop.Statistics.Abstentions));
        loop.Step();
        Assert.Equal(-1, loop.Label);
    }

    [Fact]
    public void What_was_learned_is_loaded_at_the_start_and_refused_where_it_is_damaged()
    {
        var file = new LearnedStateFile(folder);
        Assert.Null(file.Read());
        byte[] state = Learned(LearningModels.Int8, 20);
        file.Write(state);
        file.Write(state);
        Assert.Equal([LearnedStateFile.FileName], Directory.GetFiles(folder).Select(Path.GetFileName));
        using var host = new ModelHost(EdgeModel.Load(LearningModels.Int8), 1);
        using ModelSlot early = host.CreateSlot();
        Assert.Null(host.Restore(file.Read()!));
        using ModelSlot late = host.CreateSlot();
        early.TakePending();
        Assert.Equal((true, true), (early.IsAdapted, late.IsAdapted));

        using var other = new ModelHost(EdgeModel.Load(LearningModels.Int8), 1);
        state[^1] ^= 1;
        Assert.Contains("CRC-32 does not match", other.Restore(state), StringComparison.Ordinal);
        using ModelSlot slot = other.CreateSlot();
        Assert.Equal((false, (ReadOnlyMemory<byte>?)null), (slot.IsAdapted, other.LearnedState));
    }

    [Fact]
    public void A_decision_with_what_was_learned_allocates_nothing()
    {
        using var host = new ModelHost(EdgeModel.Load(LearningModels.Int8), 1);
        Assert.Null(host.Restore(Learned(LearningModels.Int8, 20)));
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(30, sample => LearningModels.Rows.Rows[0].CopyTo(sample)), new SensorMonitorOptions { StuckSamples = 0 });
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) }, []);
        for (int i = 0; i < 100; i++)
        {
            loop.Step();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            loop.Step();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(slot.IsAdapted);
    }

    [Fact]
    public void A_full_disk_leaves_the_state_before()
    {
        byte[] before = Learned(LearningModels.Int8, 3);
        new LearnedStateFile(folder).Write(before);
        Assert.Throws<IOException>(() => new LearnedStateFile(folder, new FullDisk(100)).Write(Learned(LearningModels.Int8, 4)));
        Assert.Equal(before, new LearnedStateFile(folder).Read());
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_model_update_says_whether_it_takes_the_state_along()
    {
        byte[] first = ModelSignature.Sign(LearningModels.Int8, key, 1);
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, first);
        using ModelUpdater updater = ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy);
        using ModelSlot slot = updater.Host.CreateSlot();
        Assert.Equal("Version 2 replaces version 1.", Apply(LearningModels.Int8, 2));
        for (int i = 0; i < 20; i++)
        {
            Assert.True(slot.Learn(Drifted(i), LearningModels.Rows.Labels[i]));
        }

        Assert.True(slot.IsAdapted);

        // The same model with another signature is the same to what was learned.
        Assert.Equal("Version 3 replaces version 2. What was learned is taken along.", Apply(LearningModels.Int8, 3));
        slot.TakePending();
        Assert.True(slot.IsAdapted);
        Assert.Equal(
            "Version 4 replaces version 3. The adapted state is not used: it was learned by another model, whose SHA-256 differs; learn again on this one; the model decides as the factory made it.",
            Apply(LearningModels.Int16, 4));
        slot.TakePending();
        Assert.False(slot.IsAdapted);

        // The model before is given back what it had learned.
        Assert.Equal(UpdateOutcome.TakenBack, updater.FallBack("Bad.").Outcome);
        slot.TakePending();
        Assert.True(slot.IsAdapted);

        string Apply(byte[] model, ulong version) => updater.Apply(ModelSignature.Sign(model, key, version), "test").Reason;
    }

    private static float[] Odd() => [.. Enumerable.Range(0, 30).Select(i => i % 2 == 0 ? 3f * LearningModels.Rows.Rows[0][i] : 0f)];

    private static float[] Drifted(int row) => [.. LearningModels.Rows.Rows[row].Select(value => value * 1.2f)];

    private static byte[] Learned(byte[] bytes, int samples)
    {
        using EdgeModel model = EdgeModel.Load(bytes);
        using var learner = new AdaptiveClassifier(model);
        for (int i = 0; i < samples; i++)
        {
            learner.Learn(Drifted(i), LearningModels.Rows.Labels[i]);
        }

        return learner.Save();
    }
}
