using System.Security.Cryptography;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

/// <summary>Which model may follow which: each rule of the policy alone, with the version at, above and below that in use.</summary>
public sealed class DeviceUpdatePolicyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-policy").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly UpdatePolicy policy = new();
    private readonly List<UpdateReport> reports = [];

    public DeviceUpdatePolicyTests() => policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());

    private string Store => Path.Combine(folder, "store");

    private string Stored => Path.Combine(Store, "model.edge");

    private string Factory => Path.Combine(folder, "factory.edge");

    public void Dispose()
    {
        policy.Keys.Dispose();
        key.Dispose();
        second.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]

    // 0 is no signature.
    [InlineData(5, 6, UpdateOutcome.Applied)]
    [InlineData(5, 5, UpdateOutcome.NotNewer)]
    [InlineData(5, 4, UpdateOutcome.NotNewer)]
    [InlineData(5, 0, UpdateOutcome.NotNewer)]
    [InlineData(1, 0, UpdateOutcome.NotNewer)]
    [InlineData(0, 1, UpdateOutcome.Applied)]
    [InlineData(0, 0, UpdateOutcome.Applied)]
    [InlineData(0x7FFFFFFF, 0x80000000, UpdateOutcome.Applied)]
    [InlineData(0xFFFFFFFF, 0x100000000, UpdateOutcome.Applied)]
    [InlineData(0x100000001, 2, UpdateOutcome.NotNewer)]
    [InlineData(0x7FFFFFFFFFFFFFFF, 0x8000000000000000, UpdateOutcome.Applied)]
    [InlineData(ulong.MaxValue, 1, UpdateOutcome.NotNewer)]
    public void A_version_above_that_in_use_is_taken(ulong inUse, ulong offered, UpdateOutcome outcome)
    {
        File.WriteAllBytes(Factory, Model(inUse, 1f));
        using var updater = ModelUpdater.Open(Store, Factory, policy with { RequireSignature = false }, reports.Add);
        UpdateReport report = updater.Apply(Model(offered, 2f), "here");
        bool applied = outcome == UpdateOutcome.Applied;
        Assert.Equal(new UpdateReport(outcome, "here", offered, applied ? $"Version {offered} replaces version {inUse}." : $"Its version {offered} is not newer than version {inUse} in use."), report);
        Assert.Equal(applied ? offered : inUse, updater.Host.Version);
        Assert.Equal([report], reports);
        Assert.Equal((1L, applied), (updater.Count(outcome), File.Exists(Stored)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_key_that_is_not_trusted_is_refused_whether_or_not_one_is_required(bool required)
    {
        using ModelUpdater updater = Open(policy with { RequireSignature = required });
        byte[] strange = TestModels.Signed(second, 9);
        UpdateReport report = updater.Apply(strange, "t");
        string id = Convert.ToHexStringLower(SHA256.HashData(second.ExportSubjectPublicKeyInfo()));
        Assert.Equal(new UpdateReport(UpdateOutcome.UnknownKey, "t", 9, $"It is signed with key {id}, which is not trusted here."), report);

        // Once the key is trusted the same bytes are taken.
        policy.Keys.AddPem(second.ExportSubjectPublicKeyInfoPem());
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(strange, "t").Outcome);
    }

    [Fact]
    public void The_signature_comes_before_version_self_test_and_interface()
    {
        using ModelUpdater updater = Open(policy);

        // Each is wrong in everything that comes later too.
        byte[] wrong = TestModels.Create(inputs: 2, wrongSelfTest: true);
        Assert.Equal(UpdateOutcome.Unsigned, updater.Apply(wrong, "t").Outcome);
        Assert.Equal(UpdateOutcome.UnknownKey, updater.Apply(ModelSignature.Sign(wrong, second, 1), "t").Outcome);
        Assert.Equal(UpdateOutcome.SelfTestFailed, updater.Apply(ModelSignature.Sign(wrong, key, 1), "t").Outcome);
        Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(ModelSignature.Sign(TestModels.Create(inputs: 2), key, 5), "t").Outcome);
        Assert.Equal(UpdateOutcome.OtherInterface, updater.Apply(ModelSignature.Sign(TestModels.Create(inputs: 2), key, 6), "t").Outcome);
        Assert.Equal([0L, 1L, 1L, 1L, 1L, 1L], new[] { UpdateOutcome.Applied, UpdateOutcome.Unsigned, UpdateOutcome.UnknownKey, UpdateOutcome.SelfTestFailed, UpdateOutcome.NotNewer, UpdateOutcome.OtherInterface }.Select(updater.Count));
    }

    [Fact]
    public void A_signature_of_other_bytes_is_refused()
    {
        using ModelUpdater updater = Open(policy);
        byte[] one = TestModels.Signed(key, 9, weight: 2f);
        byte[] other = TestModels.Signed(key, 9, weight: 3f);
        int length = one.Length - EdgeInference.ModelFormat.SignatureBlock.Bytes;
        byte[] exchanged = [.. one[..length], .. other[length..]];
        Assert.Equal(new UpdateReport(UpdateOutcome.InvalidSignature, "t", 9, "It was changed after it was signed."), updater.Apply(exchanged, "t"));
        Assert.Equal(UpdateOutcome.InvalidSignature, Open(policy with { RequireSignature = false }, "second").Apply(exchanged, "t").Outcome);
    }

    [Theory]
    [InlineData(true, UpdateOutcome.Unsigned, "It is not signed.")]
    [InlineData(false, UpdateOutcome.NotNewer, "Its version 0 is not newer than version 5 in use.")]
    public void A_model_without_a_signature_is_refused_where_one_is_required(bool required, UpdateOutcome outcome, string reason)
    {
        using ModelUpdater updater = Open(policy with { RequireSignature = required });
        Assert.Equal(new UpdateReport(outcome, "t", 0, reason), updater.Apply(TestModels.Create(), "t"));
    }

    [Theory]
    [InlineData(true, false, false, "It has no self-test vectors.")]
    [InlineData(false, false, false, null)]
    [InlineData(true, true, false, null)]
    [InlineData(false, true, true, "It does not reproduce its self-test vectors on this machine.")]
    [InlineData(true, true, true, "It does not reproduce its self-test vectors on this machine.")]
    public void Vectors_are_reproduced_where_they_are_there(bool required, bool vectors, bool wrong, string? reason)
    {
        using ModelUpdater updater = Open(policy with { RequireSelfTest = required });
        UpdateReport report = updater.Apply(ModelSignature.Sign(TestModels.Create(selfTest: vectors, wrongSelfTest: wrong), key, 9), "t");
        Assert.Equal(reason is null ? UpdateOutcome.Applied : UpdateOutcome.SelfTestFailed, report.Outcome);
        Assert.Equal(reason ?? "Version 9 replaces version 5.", report.Reason);
    }

    [Theory]
    [InlineData(2, 1, "It takes 2 values and returns 1; expected 1 and 1.")]
    [InlineData(1, 3, "It takes 1 values and returns 3; expected 1 and 1.")]
    public void Each_number_of_the_interface_is_held(int inputs, int outputs, string reason)
    {
        using ModelUpdater updater = Open(policy with { AllowOtherContract = true });
        UpdateReport report = updater.Apply(ModelSignature.Sign(TestModels.Create(inputs: inputs, outputs: outputs), key, 9), "t");
        Assert.Equal((UpdateOutcome.OtherInterface, reason), (report.Outcome, report.Reason));
    }

    [Theory]
    [InlineData(3, 2, 3)]
    [InlineData(2, 2, 2)]
    [InlineData(2, 3, 3)]
    [InlineData(0, 3, 3)]
    [InlineData(3, 0, 3)]
    public void Of_stored_and_factory_model_the_newer_is_chosen_and_of_two_alike_the_stored(ulong stored, ulong factory, ulong version)
    {
        Directory.CreateDirectory(Store);
        Assert.False(File.Exists(Stored));
        if (stored > 0)
        {
            File.WriteAllBytes(Stored, Model(stored, 100f));
        }

        if (factory > 0)
        {
            File.WriteAllBytes(Factory, Model(factory, -100f));
        }

        using var updater = ModelUpdater.Open(Store, factory > 0 ? Factory : null, policy);
        Assert.Equal(version, updater.Host.Version);
        using ModelSlot slot = updater.Host.CreateSlot();
        Assert.Equal(stored >= factory, slot.Decide([1f]).Probability > 0.5f);
        Assert.Equal(UpdateOutcome.Unchanged, updater.Apply(stored >= factory ? File.ReadAllBytes(Stored) : File.ReadAllBytes(Factory), "t").Outcome);
    }

    [Fact]
    public void Where_no_model_is_usable_every_reason_is_said()
    {
        Directory.CreateDirectory(Store);
        File.WriteAllBytes(Stored, TestModels.Create());
        File.WriteAllBytes(Factory, TestModels.Signed(second, 3));
        var exception = Assert.Throws<InvalidDataException>(() => ModelUpdater.Open(Store, Factory, policy, reports.Add));
        Assert.StartsWith($"There is no usable model in '{Store}' or at '{Factory}'. '{Stored}': It is not signed. '{Factory}': It is signed with key ", exception.Message, StringComparison.Ordinal);
        Assert.Equal([UpdateOutcome.Unsigned, UpdateOutcome.UnknownKey], reports.Select(report => report.Outcome));

        File.Delete(Stored);
        reports.Clear();
        Assert.Equal($"There is no usable model in '{Store}'.", Assert.Throws<InvalidDataException>(() => ModelUpdater.Open(Store, null, policy, reports.Add)).Message);
        Assert.Empty(reports);
        exception = Assert.Throws<InvalidDataException>(() => ModelUpdater.Open(Store, Path.Combine(folder, "missing.edge"), policy, reports.Add));
        Assert.Contains($"'{Path.Combine(folder, "missing.edge")}': There is no file", exception.Message, StringComparison.Ordinal);
        Assert.Equal([UpdateOutcome.Unreachable], reports.Select(report => report.Outcome));
    }

    [Fact]
    public void A_stored_model_that_is_too_large_is_passed_over()
    {
        Directory.CreateDirectory(Store);
        byte[] large = ModelSignature.Sign(TestModels.Create(inputs: 64), key, 9);
        File.WriteAllBytes(Stored, large);
        byte[] small = Model(1, 1f);
        File.WriteAllBytes(Factory, small);
        using (var updater = ModelUpdater.Open(Store, Factory, policy with { MaxBytes = large.Length - 1 }, reports.Add))
        {
            Assert.Equal(1ul, updater.Host.Version);
            Assert.Equal((UpdateOutcome.Unreachable, $"'{Stored}' has {large.Length} bytes, more than the {large.Length - 1} allowed."), (reports[0].Outcome, reports[0].Reason));
        }

        using (var updater = ModelUpdater.Open(Store, Factory, policy with { MaxBytes = large.Length }))
        {
            Assert.Equal(9ul, updater.Host.Version);
        }

        File.Delete(Stored);
        Assert.Equal(1ul, Version(small.Length));
        Assert.Throws<InvalidDataException>(() => Version(small.Length - 1));

        ulong Version(int maxBytes)
        {
            using var updater = ModelUpdater.Open(Store, Factory, policy with { MaxBytes = maxBytes });
            return updater.Host.Version;
        }
    }

    [Fact]
    public void Offered_bytes_that_change_afterwards_change_nothing()
    {
        using ModelUpdater updater = Open(policy);
        byte[] offered = TestModels.Signed(key, 9, weight: 100f);
        byte[] kept = [.. offered];
        updater.Apply(offered, "t");
        Array.Clear(offered);
        using ModelSlot slot = updater.Host.CreateSlot();
        Assert.True(slot.Decide([1f]).Probability > 0.9f);
        Assert.Equal(kept, InUse(slot).File.Bytes.Memory.ToArray());
        Assert.Equal(kept, File.ReadAllBytes(Stored));
        Assert.Equal(UpdateOutcome.Unchanged, updater.Apply(kept, "t").Outcome);
        Assert.Equal((1L, 1), (updater.Count(UpdateOutcome.Unchanged), reports.Count));
    }

    [Fact]
    public void The_model_before_is_not_the_one_in_use()
    {
        using ModelUpdater updater = Open(policy);
        byte[] first = File.ReadAllBytes(Factory);
        Assert.Equal(UpdateOutcome.Unchanged, updater.Apply(first, "t").Outcome);
        updater.Apply(TestModels.Signed(key, 6), "t");
        Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(first, "t").Outcome);
        Assert.Equal([UpdateOutcome.Applied, UpdateOutcome.NotNewer], reports.Select(report => report.Outcome));
    }

    [Fact]
    public void An_unreachable_place_is_counted_and_reported()
    {
        using ModelUpdater updater = Open(policy);
        UpdateReport report = updater.ReportUnreachable("there", "gone");
        Assert.Equal(new UpdateReport(UpdateOutcome.Unreachable, "there", 0, "gone"), report);
        Assert.Equal([report], reports);
        Assert.Equal(1, updater.Count(UpdateOutcome.Unreachable));
    }

    [Fact]
    public void A_loop_keeps_up_with_a_model_whose_classes_stay()
    {
        using ModelUpdater updater = Open(policy);
        using ModelSlot slot = updater.Host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = 1f));
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1), Filter = new() { Votes = 3 } }, []);
        for (int i = 0; i < 3; i++)
        {
            loop.Step();
        }

        // The label that stands and the votes go on: only the next votes turn it.
        Assert.Equal((1, 5ul), (loop.Label, loop.ModelVersion));
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Signed(key, 6, weight: -9f), "t").Outcome);
        loop.Step();
        Assert.Equal((1, 6ul), (loop.Label, loop.ModelVersion));
        loop.Step();
        Assert.Equal(0, loop.Label);
        Assert.True(loop.LastDecision.Probability < 0.01f);
    }

    [Fact]
    public void An_offer_frees_the_models_that_nobody_decides_with_any_more()
    {
        using ModelUpdater updater = Open(policy);
        using ModelSlot slot = updater.Host.CreateSlot();
        EdgeModel first = InUse(slot);
        updater.Apply(TestModels.Signed(key, 6), "t");
        slot.TakePending();
        first.CreateSession().Dispose();
        updater.Apply(new byte[1], "t");
        Assert.Throws<ObjectDisposedException>(() => first.CreateSession());
        InUse(slot).CreateSession().Dispose();
    }

    private static EdgeModel InUse(ModelSlot slot)
    {
        const System.Reflection.BindingFlags Hidden = System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance;
        object instance = typeof(ModelSlot).GetField("current", Hidden)!.GetValue(slot)!;
        return ((SharedModel)typeof(ModelInstance).GetField("shared", Hidden)!.GetValue(instance)!).Model;
    }

    private byte[] Model(ulong version, float weight) => version == 0 ? TestModels.Create(weight: weight) : TestModels.Signed(key, version, weight);

    private ModelUpdater Open(UpdatePolicy with, string store = "store")
    {
        File.WriteAllBytes(Factory, Model(5, 1f));
        return ModelUpdater.Open(Path.Combine(folder, store), Factory, with, reports.Add);
    }
}
