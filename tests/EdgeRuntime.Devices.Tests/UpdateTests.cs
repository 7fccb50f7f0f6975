using System.Device.Gpio;
using System.Security.Cryptography;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

public sealed class UpdateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-update").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly UpdatePolicy policy = new();
    private readonly List<UpdateReport> reports = [];

    public UpdateTests() => policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());

    private string Store => Path.Combine(folder, "store");

    private string StoredFile => Path.Combine(Store, "model.edge");

    public void Dispose()
    {
        policy.Keys.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_newer_signed_model_replaces_the_one_in_use_and_survives_a_restart()
    {
        using (ModelUpdater updater = Open(1))
        using (ModelSlot slot = updater.Host.CreateSlot())
        {
            float before = slot.Decide([1f]).Probability;
            Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Signed(key, 2, weight: 3f), "test").Outcome);
            Assert.True(slot.Decide([1f]).Probability > before);
            Assert.Equal(2ul, slot.Version);
        }

        using ModelUpdater again = Open(1);
        Assert.Equal(2ul, again.Host.Version);
        Assert.Equal([".lock", "model.edge", "model.state", "model.state.copy"], Directory.GetFiles(Store).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Everything_else_leaves_the_model_in_use_and_says_why()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ModelUpdater updater = Open(5);
        byte[] forged = TestModels.Signed(key, 9);
        forged[ModelFile.Read(new ModelBytes(forged)).Length - 1] ^= 1;
        Assert.Equal(UpdateOutcome.NotAModel, updater.Apply(forged, "t").Outcome);

        byte[] relabelled = TestModels.Signed(key, 9);
        int block = relabelled.Length - SignatureBlock.Bytes;
        relabelled[block + SignatureBlock.ModelVersionOffset] = 99;
        BitConverter.TryWriteBytes(relabelled.AsSpan(block + SignatureBlock.CrcOffset), new ModelBytes(relabelled).Crc32(block, relabelled.Length, block + SignatureBlock.CrcOffset));

        (UpdateOutcome Expected, byte[] File)[] offers =
        [
            (UpdateOutcome.NotAModel, []),
            (UpdateOutcome.NotAModel, [1, 2, 3]),
            (UpdateOutcome.NotAModel, TestModels.Signed(key, 9)[..200]),
            (UpdateOutcome.Unsigned, TestModels.Create()),
            (UpdateOutcome.UnknownKey, TestModels.Signed(stranger, 9)),
            (UpdateOutcome.InvalidSignature, relabelled),
            (UpdateOutcome.NotNewer, TestModels.Signed(key, 4)),
            (UpdateOutcome.NotNewer, TestModels.Signed(key, 5, weight: 2f)),
            (UpdateOutcome.OtherInterface, TestModels.Signed(key, 9, inputs: 2)),
            (UpdateOutcome.SelfTestFailed, ModelSignature.Sign(TestModels.Create(wrongSelfTest: true), key, 9)),
            (UpdateOutcome.SelfTestFailed, ModelSignature.Sign(TestModels.Create(selfTest: false), key, 9)),
        ];
        foreach ((UpdateOutcome expected, byte[] file) in offers)
        {
            UpdateReport report = updater.Apply(file, "t");
            Assert.Equal(expected, report.Outcome);
            Assert.EndsWith(".", report.Reason, StringComparison.Ordinal);
            Assert.Equal(report, reports[^1]);
            Assert.Equal(5ul, updater.Host.Version);
            Assert.False(File.Exists(StoredFile));
        }

        Assert.Equal(4, updater.Count(UpdateOutcome.NotAModel));
    }

    [Fact]
    public void A_model_that_means_something_else_is_refused_unless_the_policy_allows_it()
    {
        string store = Path.Combine(folder, "contract");
        string factory = Path.Combine(folder, "contract.edge");
        File.WriteAllBytes(factory, TestModels.Named(key, 5, ["still", "shaking"], "x"));
        using (var updater = ModelUpdater.Open(store, factory, policy))
        {
            UpdateReport swapped = updater.Apply(TestModels.Named(key, 6, ["shaking", "still"], "x"), "t");
            Assert.Equal(UpdateOutcome.OtherInterface, swapped.Outcome);
            Assert.Contains("number 0 is 'shaking', expected 'still'", swapped.Reason, StringComparison.Ordinal);
            Assert.Equal(UpdateOutcome.OtherInterface, updater.Apply(TestModels.Named(key, 6, ["still", "shaking"], "y"), "t").Outcome);
            Assert.Equal(UpdateOutcome.OtherInterface, updater.Apply(TestModels.Named(key, 6, ["still", "shaking"], "x", EdgeInference.ModelFormat.OutputRole.Unknown), "t").Outcome);
            Assert.Equal(5ul, updater.Host.Version);
            Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Named(key, 6, ["still", "shaking"], "x"), "t").Outcome);
        }

        using var open = ModelUpdater.Open(store, factory, policy with { AllowOtherContract = true });
        Assert.Equal(UpdateOutcome.Applied, open.Apply(TestModels.Named(key, 7, ["shaking", "still"], "x"), "t").Outcome);
    }

    [Fact]
    public void A_model_that_the_running_loop_could_not_start_with_is_not_stored_whatever_the_policy_allows()
    {
        string store = Path.Combine(folder, "running");
        string factory = Path.Combine(folder, "running.edge");
        File.WriteAllBytes(factory, TestModels.Named(key, 5, ["still", "shaking"], "x"));
        using var updater = ModelUpdater.Open(store, factory, policy with { AllowOtherContract = true });
        var driver = new RecordingGpioDriver();
        using var controller = new GpioController(driver);
        using var pin = new PinOutput(controller, 18, "shaking");
        using var monitor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = 9f, channelNames: ["x"]));
        using ModelSlot slot = updater.Host.CreateSlot();
        using var loop = new DecisionLoop(monitor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) }, [pin]);
        loop.Step();
        Assert.True(driver.Levels[18]);

        UpdateReport renamed = updater.Apply(TestModels.Named(key, 6, ["still", "shaken"], "x"), "t");
        Assert.Equal((UpdateOutcome.OtherInterface, true), (renamed.Outcome, renamed.Reason.Contains("nearest is 'shaken'", StringComparison.Ordinal)));
        UpdateReport features = updater.Apply(TestModels.Named(key, 6, ["still", "shaking"], "y"), "t");
        Assert.Equal((UpdateOutcome.OtherInterface, true), (features.Outcome, features.Reason.Contains("features [x] but the model expects [y]", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFiles(store, "*.edge"));

        // High values are 'still' in this one.
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Named(key, 6, ["shaking", "still"], "x"), "t").Outcome);
        loop.Step();
        Assert.Equal((1, false), (loop.Label, driver.Levels[18]));
    }

    [Fact]
    public void The_model_in_use_is_not_stored_again()
    {
        using ModelUpdater updater = Open(1);
        byte[] two = TestModels.Signed(key, 2);
        updater.Apply(two, "t");
        DateTime written = File.GetLastWriteTimeUtc(StoredFile);
        Assert.Equal(UpdateOutcome.Unchanged, updater.Apply((byte[])two.Clone(), "t").Outcome);
        Assert.Equal(written, File.GetLastWriteTimeUtc(StoredFile));
        Assert.Single(reports);
    }

    [Fact]
    public void A_policy_may_take_unsigned_models_but_never_after_signed_ones()
    {
        UpdatePolicy open = policy with { RequireSignature = false };
        File.WriteAllBytes(Path.Combine(folder, "factory.edge"), TestModels.Create());
        using ModelUpdater updater = ModelUpdater.Open(Store, Path.Combine(folder, "factory.edge"), open);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Create(weight: 2f), "t").Outcome);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Signed(key, 1), "t").Outcome);
        Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(TestModels.Create(weight: 3f), "t").Outcome);
    }

    [Fact]
    public void The_newer_of_stored_and_factory_model_is_chosen_and_a_damaged_one_passed_over()
    {
        Directory.CreateDirectory(Store);
        File.WriteAllBytes(StoredFile, TestModels.Signed(key, 3));
        using (ModelUpdater updater = Open(2))
        {
            Assert.Equal(3ul, updater.Host.Version);
        }

        using (ModelUpdater updater = Open(4))
        {
            Assert.Equal(4ul, updater.Host.Version);
        }

        File.WriteAllBytes(StoredFile, TestModels.Signed(key, 9)[..100]);
        using (ModelUpdater updater = Open(4))
        {
            Assert.Equal(4ul, updater.Host.Version);
            Assert.Equal(UpdateOutcome.NotAModel, Assert.Single(reports).Outcome);
        }

        File.Delete(Path.Combine(folder, "factory.edge"));
        var exception = Assert.Throws<InvalidDataException>(() => ModelUpdater.Open(Store, null, policy));
        Assert.Contains(StoredFile, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void A_full_disk_leaves_everything_as_it_was(int room)
    {
        using ModelUpdater updater = Open(1);
        updater.Apply(TestModels.Signed(key, 2), "t");
        byte[] stored = File.ReadAllBytes(StoredFile);
        updater.Store.Files = new FullDisk(room);
        UpdateReport report = updater.Apply(TestModels.Signed(key, 3), "t");
        Assert.Equal(UpdateOutcome.StorageFailed, report.Outcome);
        Assert.Equal(2ul, updater.Host.Version);
        Assert.Equal(stored, File.ReadAllBytes(StoredFile));
        Assert.Equal([".lock", "model.edge", "model.state", "model.state.copy"], Directory.GetFiles(Store).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_disk_that_is_really_full_leaves_everything_as_it_was()
    {
        Directory.CreateDirectory(Store);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Tool.Run("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", Store) == 0, "Mounting a small tmpfs needs root on Linux.");
        try
        {
            using ModelUpdater updater = Open(1);
            Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Signed(key, 2), "t").Outcome);
            File.WriteAllBytes(Path.Combine(Store, "filler"), new byte[4 * 4096]);
            Assert.Equal(UpdateOutcome.StorageFailed, updater.Apply(TestModels.Signed(key, 3), "t").Outcome);
            Assert.Equal(2ul, updater.Host.Version);
            File.Delete(Path.Combine(Store, "filler"));
            Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Signed(key, 4), "t").Outcome);
        }
        finally
        {
            Tool.Run("umount", Store);
        }
    }

    [Fact]
    public void A_file_in_the_folder_is_taken_once_it_stays_the_same()
    {
        string inbox = Path.Combine(folder, "inbox");
        using ModelUpdater updater = Open(1);
        var source = new FolderUpdateSource(inbox, updater);
        source.Poll();
        Directory.CreateDirectory(inbox);
        string path = Path.Combine(inbox, "new.edge");
        byte[] two = TestModels.Signed(key, 2);
        File.WriteAllBytes(path, two[..50]);
        source.Poll();
        File.WriteAllBytes(path, two);
        source.Poll();
        Assert.Empty(reports);
        source.Poll();
        source.Poll();
        Assert.Equal(UpdateOutcome.Applied, Assert.Single(reports).Outcome);
        Assert.Equal(2ul, updater.Host.Version);

        File.WriteAllBytes(Path.Combine(inbox, "notes.txt"), [1]);
        File.WriteAllBytes(Path.Combine(inbox, "bad.edge"), [1]);
        source.Poll();
        source.Poll();
        source.Poll();
        Assert.Equal([UpdateOutcome.Applied, UpdateOutcome.NotAModel], reports.Select(report => report.Outcome));
    }

    [Fact]
    public async Task An_address_is_asked_with_the_tag_that_it_gave()
    {
        using ModelUpdater updater = Open(1);
        using var server = new FakeModelServer();
        using var client = new HttpClient(server);
        var source = new HttpUpdateSource(client, new Uri("https://models.example/m.edge"), updater);
        server.Serve(TestModels.Signed(key, 2), "\"a\"");
        await source.PollAsync(default);
        await source.PollAsync(default);
        Assert.Equal(["GET", "GET if-none-match \"a\" -> 304"], server.Log);
        server.Serve(TestModels.Signed(key, 3), "\"b\"");
        await source.PollAsync(default);
        Assert.Equal(3ul, updater.Host.Version);

        server.Fail();
        await source.PollAsync(default);
        server.Serve(new byte[(policy.MaxBytes * 2) + 5], "\"c\"");
        await source.PollAsync(default);
        Assert.Equal([UpdateOutcome.Applied, UpdateOutcome.Applied, UpdateOutcome.Unreachable, UpdateOutcome.NotAModel], reports.Select(report => report.Outcome));
        Assert.Equal(3ul, updater.Host.Version);
        Assert.Throws<ArgumentException>(() => new HttpUpdateSource(client, new Uri("http://models.example/m.edge"), updater));
    }

    private ModelUpdater Open(ulong factoryVersion)
    {
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Signed(key, factoryVersion));
        return ModelUpdater.Open(Store, factory, policy with { MaxBytes = 100_000 }, reports.Add);
    }
}
