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

    private static StoreState State => new();

    private static string[] Prepared => ["create new", "write 3", "write 4", "flush file", "close", .. Enumerable.Repeat<string[]>(["create new", "write", "flush file", "close"], 2).SelectMany(x => x)];

    private static string[] Recorded => ["rename new model.state", "rename new model.state.copy", "flush folder store"];

    private string Store => Path.Combine(folder, "store");

    private string Previous => Path.Combine(Store, "previous.edge");

    private string Model => Path.Combine(Store, "model.edge");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_model_is_on_the_disk_before_its_name_and_its_name_before_the_record()
    {
        using var store = new ModelStore(Store, files);
        var passed = new List<(StoreStep Step, int Operations)>();
        byte[]? renamed = null;
        files.Renaming = path => renamed ??= File.ReadAllBytes(path);
        store.Replace(New, keep: false, State);
        Assert.Equal([.. Prepared, "rename new model.edge", "flush folder store", .. Recorded], Operations());
        Assert.Equal(New, renamed);
        Assert.Equal(New, File.ReadAllBytes(Model));

        // The one before keeps its bytes under another name.
        files.Log.Clear();
        store.Passed = step => passed.Add((step, files.Log.Count));
        store.Replace([8, 9], keep: true, State);
        Assert.Equal(["rename model.edge previous.edge", "flush folder store", "rename new model.edge", "flush folder store", .. Recorded], Operations()[^7..]);
        Assert.Equal((New.AsSpan().ToArray(), new byte[] { 8, 9 }), (File.ReadAllBytes(Previous), File.ReadAllBytes(Model)), new Pairs());
        Assert.Equal(Enum.GetValues<StoreStep>(), passed.Select(step => step.Step));
        Assert.True(passed.Select(step => step.Operations).SequenceEqual(passed.Select(step => step.Operations).Order()));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("write 3")]
    [InlineData("write 4")]
    [InlineData("flush file")]
    [InlineData("rename model.edge previous.edge")]
    [InlineData("rename new model.edge")]
    [InlineData("rename new model.state")]
    public void Where_an_operation_fails_the_old_model_has_its_name_again_and_no_new_file_stays(string failing)
    {
        using var store = new ModelStore(Store, files);
        store.Replace([9], keep: false, State);
        string[] names = Names();
        files.Failing = failing;
        var exception = Assert.Throws<IOException>(() => store.Replace(New, keep: true, State));
        Assert.StartsWith($"'{failing}", exception.Message, StringComparison.Ordinal);
        files.Failing = null;
        Assert.Equal(names, Names());
        Assert.Equal([9], File.ReadAllBytes(Model));
        Assert.Equal(1ul, store.ReadState()!.Sequence);
        store.Replace(New, keep: true, State);
        Assert.Equal((2ul, New.Length), (store.ReadState()!.Sequence, File.ReadAllBytes(Model).Length));
    }

    [Fact]
    public void A_second_copy_that_cannot_be_written_hides_nothing()
    {
        using var store = new ModelStore(Store, files);
        store.Replace([9], keep: false, State);
        files.Failing = "rename new model.state.copy";
        store.Write(State with { Highest = 7 });
        Assert.Equal((2ul, 7ul), (store.ReadState()!.Sequence, store.ReadState()!.Highest));
    }

    [Fact]
    public void Either_copy_of_the_record_is_enough_and_damage_of_both_is_said()
    {
        StoreState written;
        using (var store = new ModelStore(Store, files))
        {
            written = store.Write(new StoreState
            {
                Highest = ulong.MaxValue, InUse = new StoredModel(new string('a', 64), 3), Previous = new StoredModel(new string('b', 64), 0), OnTrial = true, Starts = 2, TakenBack = ["c", "d"], Replaced = ["e"],
            });
        }

        foreach (string damaged in new[] { "model.state", "model.state.copy" })
        {
            string path = Path.Combine(Store, damaged);
            byte[] whole = File.ReadAllBytes(path);
            for (int i = 0; i < whole.Length; i++)
            {
                byte[] cut = whole[..i];
                byte[] changed = [.. whole];
                changed[i] ^= 1;
                Assert.Null(StoreRecord.Read(cut));
                Assert.Null(StoreRecord.Read(changed));
            }

            File.WriteAllBytes(path, whole[..50]);
            using ModelStore store = ModelStore.Look(Store);
            StoreState? read = store.ReadState();
            if (damaged == "model.state")
            {
                Assert.Equal(System.Text.Encoding.ASCII.GetString(StoreRecord.Write(written)), System.Text.Encoding.ASCII.GetString(StoreRecord.Write(read!)));
                Assert.Empty(store.Problems);
            }
            else
            {
                Assert.Null(read);
                Assert.Contains("is not known any more", Assert.Single(store.Problems), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_file_that_cannot_be_removed_hides_no_error_and_goes_at_the_next_start()
    {
        using (var store = new ModelStore(Store, new Undeletable()))
        {
            Assert.Equal("full", Assert.Throws<IOException>(() => store.Replace(New, keep: false, State)).Message);
        }

        File.WriteAllBytes(Path.Combine(Store, ".model.edge.left"), [1]);
        File.WriteAllBytes(Path.Combine(Store, "other.edge"), [2]);
        File.WriteAllBytes(Model, [3]);
        using (var store = new ModelStore(Store, new Undeletable()))
        {
            Assert.Contains("left by an interrupted update, cannot be deleted (read-only); delete it by hand.", Assert.Single(store.Problems), StringComparison.Ordinal);
        }

        using var next = new ModelStore(Store, files);
        Assert.Equal(["delete new"], files.Log);
        Assert.Equal([".lock", "model.edge", "other.edge"], Names());
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
        Assert.Equal(Enum.GetValues<StoreStep>().Where(step => step != StoreStep.Kept).Select(step => (step, 1ul, 1ul)), versions);
        slot.TakePending();
        Assert.Equal((2ul, 2ul), (slot.Version, updater.Host.Version));
        Assert.Equal(["flush file", "close", "rename new model.edge", "flush folder store", .. Recorded], files.Log[^7..]);

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

    private string[] Names() => [.. Directory.GetFiles(Store).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    // The length of a record is not what this is about.
    private string[] Operations() => [.. files.Log.Select(line => line.StartsWith("write ", StringComparison.Ordinal) && line.Length > "write 9".Length ? "write" : line)];

    private sealed class Pairs : IEqualityComparer<(byte[], byte[])>
    {
        public bool Equals((byte[], byte[]) x, (byte[], byte[]) y) => x.Item1.AsSpan().SequenceEqual(y.Item1) && x.Item2.AsSpan().SequenceEqual(y.Item2);

        public int GetHashCode((byte[], byte[]) obj) => obj.Item1.Length;
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
