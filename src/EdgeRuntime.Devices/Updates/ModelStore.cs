namespace EdgeInference.Devices;

/// <summary>The points that a replacement passes; tests kill the process at each.</summary>
internal enum StoreStep
{
    Created,
    HalfWritten,
    Written,
    Flushed,
    Renamed,
    Durable,
}

/// <summary>
/// The one file that holds the model in use. It is replaced by a rename after the new bytes are on the disk, so that at
/// any moment, a loss of power included, it is the old model or the new one and whole.
/// </summary>
internal sealed class ModelStore
{
    private const string FileName = "model.edge";
    private const string TemporaryPrefix = ".model.edge.";

    private readonly string folder;

    /// <summary>Opens the folder, makes it where it is missing, and removes what an interrupted replacement left.</summary>
    /// <exception cref="IOException">The folder cannot be created or read.</exception>
    internal ModelStore(string folder, IStoreFiles? files = null)
    {
        Files = files ?? new StoreFiles();
        this.folder = System.IO.Path.GetFullPath(folder);
        Directory.CreateDirectory(this.folder);
        foreach (string left in Directory.EnumerateFiles(this.folder, TemporaryPrefix + "*"))
        {
            Files.Delete(left);
        }
    }

    /// <summary>The model's path; there may be no file yet.</summary>
    internal string Path => System.IO.Path.Combine(folder, FileName);

    /// <summary>Called at each point of a replacement.</summary>
    internal Action<StoreStep>? Passed { get; set; }

    /// <summary>The disk; tests put a full one here.</summary>
    internal IStoreFiles Files { get; set; }

    /// <summary>The stored bytes, or null if there are none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal byte[]? Read(int maxBytes)
    {
        var file = new FileInfo(Path);
        return !file.Exists ? null
            : file.Length > maxBytes ? throw new IOException($"'{Path}' has {file.Length} bytes, more than the {maxBytes} allowed.")
            : File.ReadAllBytes(Path);
    }

    /// <summary>Replaces the stored model.</summary>
    /// <exception cref="IOException">The disk is full or failed; the stored model is the one that it was.</exception>
    internal void Replace(ReadOnlySpan<byte> bytes)
    {
        string temporary = System.IO.Path.Combine(folder, TemporaryPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            using (Stream stream = Files.Create(temporary))
            {
                Passed?.Invoke(StoreStep.Created);
                stream.Write(bytes[..(bytes.Length / 2)]);
                stream.Flush();
                Passed?.Invoke(StoreStep.HalfWritten);
                stream.Write(bytes[(bytes.Length / 2)..]);
                stream.Flush();
                Passed?.Invoke(StoreStep.Written);
                Files.Flush(stream);
                Passed?.Invoke(StoreStep.Flushed);
            }

            Files.Rename(temporary, Path);
            Passed?.Invoke(StoreStep.Renamed);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        // A rename is on the disk only when its folder is.
        _ = Files.FlushFolder(folder);
        Passed?.Invoke(StoreStep.Durable);
    }

    private void TryDelete(string path)
    {
        try
        {
            Files.Delete(path);
        }
        catch (IOException)
        {
            // It is removed at the next start.
        }
    }
}
