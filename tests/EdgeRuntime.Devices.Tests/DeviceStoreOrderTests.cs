using System.Security.Cryptography;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

/// <summary>
/// What a replacement does to the disk and in which order. A process that is killed keeps what the kernel has cached, so that
/// only the calls themselves show a flush that is missing.
/// </summary>
public sealed class DeviceStoreOrderTests : IDisposable
{
    private static readonly byte[] New = [1, 2, 3, 4, 5, 6, 7];

    private readonly string folder = Directory.CreateTempSubdirectory("edge-order").FullName;
    private readonly RecordingFiles files = new();

    private string Store => Path.Combine(folder, "store");

    private string Model => Path.Combine(Store, "model.edge");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_file_is_on_the_disk_before_it_has_its_name_and_the_folder_after()
    {
        var store = new ModelStore(Store, files);
        var passed = new List<(StoreStep Step, int Operations)>();
        store.Passed = step => passed.Add((step, files.Log.Count));
        byte[]? renamed = null;
        files.Renaming = path => renamed = File.ReadAllBytes(path);
        store.Replace(New);
        Assert.Equal(["create new", "write 3", "write 4", "flush file", "close", "rename new model.edge", "flush folder store"], files.Log);
        Assert.Equal(New, renamed);
        Assert.Equal(New, File.ReadAllBytes(Model));
        Assert.Equal(
            [(StoreStep.Created, 1), (StoreStep.HalfWritten, 2), (StoreStep.Written, 3), (StoreStep.Flushed, 4), (StoreStep.Renamed, 6), (StoreStep.Durable, 7)],
            passed);
    }

    [Theory]
    [InlineData("create", "create new;delete new")]
    [InlineData("write 3", "create new;write 3;close;delete new")]
    [InlineData("write 4", "create new;write 3;write 4;close;delete new")]
    [InlineData("flush file", "create new;write 3;write 4;flush file;close;delete new")]
    [InlineData("rename", "create new;write 3;write 4;flush file;close;rename new model.edge;delete new")]
    public void Where_an_operation_fails_none_follows_and_the_new_file_is_removed(string failing, string operations)
    {
        var store = new ModelStore(Store, files);
        File.WriteAllBytes(Model, [9]);
        files.Failing = failing;
        var exception = Assert.Throws<IOException>(() => store.Replace(New));
        Assert.StartsWith($"'{failing}", exception.Message, StringComparison.Ordinal);
        Assert.Equal(operations.Split(';'), files.Log);
        Assert.Equal([Model], Directory.GetFiles(Store));
        Assert.Equal([9], File.ReadAllBytes(Model));
    }

    [Fact]
    public void A_file_that_cannot_be_removed_hides_no_error_and_goes_at_the_next_start()
    {
        var store = new ModelStore(Store, new Undeletable());
        Assert.Equal("full", Assert.Throws<IOException>(() => store.Replace(New)).Message);
        File.WriteAllBytes(Path.Combine(Store, ".model.edge.left"), [1]);
        File.WriteAllBytes(Path.Combine(Store, "other.edge"), [2]);
        File.WriteAllBytes(Model, [3]);
        _ = new ModelStore(Store, files);
        Assert.Equal(["delete new"], files.Log);
        Assert.Equal(["model.edge", "other.edge"], Directory.GetFiles(Store).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Slots_get_a_model_only_when_it_is_on_the_disk()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var policy = new UpdatePolicy();
        using TrustedKeys keys = policy.Keys;
        keys.AddPem(key.ExportSubjectPublicKeyInfoPem());
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Signed(key, 1));
        using var updater = ModelUpdater.Open(Store, factory, policy);
        using ModelSlot slot = updater.Host.CreateSlot();
        updater.Store.Files = files;
        var versions = new List<(StoreStep, ulong, ulong)>();
        updater.Store.Passed = step =>
        {
            slot.TakePending();
            versions.Add((step, slot.Version, updater.Host.Version));
        };
        byte[] two = TestModels.Signed(key, 2);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(two, "t").Outcome);
        Assert.Equal(Enum.GetValues<StoreStep>().Select(step => (step, 1ul, 1ul)), versions);
        slot.TakePending();
        Assert.Equal((2ul, 2ul), (slot.Version, updater.Host.Version));
        Assert.Equal(["flush file", "close", "rename new model.edge", "flush folder store"], files.Log[^4..]);

        // Nothing is written for a model that is refused, or is the one in use.
        files.Log.Clear();
        updater.Apply(two, "t");
        updater.Apply(TestModels.Signed(key, 2, weight: 2f), "t");
        updater.Apply(new byte[10], "t");
        Assert.Empty(files.Log);

        files.Failing = "flush file";
        foreach (Func<string, Exception> error in new Func<string, Exception>[] { message => new IOException(message), message => new UnauthorizedAccessException(message) })
        {
            files.Error = error;
            Assert.Equal(new UpdateReport(UpdateOutcome.StorageFailed, "t", 3, "'flush file' failed."), updater.Apply(TestModels.Signed(key, 3), "t"));
        }

        files.Error = message => new InvalidOperationException(message);
        Assert.Throws<InvalidOperationException>(() => updater.Apply(TestModels.Signed(key, 3), "t"));
        slot.TakePending();
        Assert.Equal((2ul, 2ul), (slot.Version, updater.Host.Version));
        Assert.Equal(two, File.ReadAllBytes(Model));
    }

    [Fact]
    public void A_folder_is_flushed_where_its_file_system_can()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Folders are flushed on Linux.");
        var disk = new StoreFiles();
        Assert.True(disk.FlushFolder(folder));
        Assert.False(disk.FlushFolder(Path.Combine(folder, "missing")));

        // The kernel has no fsync for folders of /proc: who does not call it cannot know.
        Assert.False(disk.FlushFolder("/proc/self"));
        int open = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (int i = 0; i < 300; i++)
        {
            disk.FlushFolder(folder);
        }

        Assert.InRange(Directory.GetFileSystemEntries("/proc/self/fd").Length, 0, open + 200);
    }

    [Fact]
    public void A_new_file_is_made_and_no_other_overwritten()
    {
        var disk = new StoreFiles();
        string path = Path.Combine(folder, "f");
        using (Stream file = disk.Create(path))
        {
            file.WriteByte(1);
            disk.Flush(file);
        }

        Assert.Throws<IOException>(() => disk.Create(path));
        Assert.Equal([1], File.ReadAllBytes(path));
    }

    [Fact]
    public void The_stored_model_is_read_up_to_the_limit()
    {
        var store = new ModelStore(Store, files);
        Assert.Null(store.Read(6));
        store.Replace(New);
        Assert.Equal(New, store.Read(7));
        Assert.Equal($"'{Model}' has 7 bytes, more than the 6 allowed.", Assert.Throws<IOException>(() => store.Read(6)).Message);
    }

    private sealed class Undeletable : IStoreFiles
    {
        public Stream Create(string path) => throw new IOException("full");

        public void Flush(Stream file) => throw new NotSupportedException();

        public void Rename(string from, string to) => throw new NotSupportedException();

        public bool FlushFolder(string folder) => throw new NotSupportedException();

        public void Delete(string path) => throw new IOException("read-only");
    }
}
