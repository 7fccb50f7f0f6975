namespace EdgeInference.Nano.Updates.Tests;

/// <summary>Models in files. FileStream and File of nanoFramework have the members of .NET's that the storage uses.</summary>
public sealed class FileStorageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-nano-updates-").FullName + Path.DirectorySeparatorChar;
    private readonly FileModelStorage storage;

    public FileStorageTests() => storage = new FileModelStorage(folder);

    public void Dispose()
    {
        storage.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_model_is_replaced_and_found_again()
    {
        ModelUpdater updater = ModelUpdater.Open(storage, Models.Signed(1), TestPolicy.Trusting(), null);
        foreach (ulong version in (ulong[])[2, 3, 4])
        {
            byte[] file = Models.Signed(version, version);
            Assert.Equal(UpdateOutcome.Applied, PowerLossTests.Offer(updater, file, 100).Outcome);
            string name = version % 2 == 0 ? "model_a.edg" : "model_b.edg";
            Assert.Equal(file.Length, storage.Length(name));
            using FileStream stored = new(folder + name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[file.Length];
            stored.ReadExactly(bytes);
            Assert.Equal(file, bytes);
            using var again = new FileModelStorage(folder);
            Assert.Equal(version, ModelUpdater.Open(again, null, Needs(), null).Current.Version);
        }
    }

    [Fact]
    public void Parts_are_read_and_appended_in_any_order()
    {
        Assert.Equal(-1, storage.Length("x"));
        storage.Delete("x");
        storage.Append("x", [1, 2, 3, 4], 1, 2);
        storage.Append("y", [9], 0, 1);
        storage.Append("x", [5], 0, 1);
        storage.Flush("y");
        storage.Flush("none");
        byte[] read = new byte[4];
        Assert.Equal(2, storage.Read("x", 1, read, 1, 3));
        Assert.Equal([0, 3, 5, 0], read);
        Assert.Equal(0, storage.Read("x", 3, read, 0, 1));
        storage.Append("x", [6], 0, 1);
        Assert.Equal((4, 1), (storage.Length("x"), storage.Length("y")));
        storage.Delete("x");
        Assert.Equal((-1, false), (storage.Length("x"), File.Exists(folder + "x")));
        storage.Delete("y");
    }

    [Fact]
    public void What_was_flushed_is_in_the_file_for_others()
    {
        storage.Append("x", [1, 2], 0, 2);
        storage.Flush("x");
        Assert.Equal([1, 2], File.ReadAllBytes(folder + "x"));
    }

    [Fact]
    public void A_file_that_cannot_be_written_keeps_the_model_in_use()
    {
        ModelUpdater updater = ModelUpdater.Open(storage, Models.Signed(1), TestPolicy.Trusting(), null);
        Directory.CreateDirectory(folder + "model_a.edg");
        Assert.Equal(UpdateOutcome.StorageFailed, updater.Apply(Models.Signed(2, 2f), "t").Outcome);
        Assert.Equal(1ul, updater.Current.Version);
        Directory.Delete(folder + "model_a.edg");
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Signed(2, 2f), "t").Outcome);
        Assert.Throws<ArgumentNullException>(() => new FileModelStorage(null));
    }

    private static UpdatePolicy Needs()
    {
        UpdatePolicy policy = TestPolicy.Trusting();
        policy.InputLength = Models.Inputs;
        return policy;
    }
}
