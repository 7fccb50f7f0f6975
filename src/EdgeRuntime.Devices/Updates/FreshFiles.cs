namespace EdgeInference.Devices;

/// <summary>Files that are written and on the disk and that nobody reads yet. Those that got no other name in the end are removed.</summary>
internal sealed class FreshFiles(IStoreFiles files, string prefix, Action<StoreStep>? passed) : IDisposable
{
    private readonly List<string> paths = [];

    /// <summary>Paths of the records.</summary>
    internal List<string> Records { get; } = [];

    /// <summary>Writes a model.</summary>
    /// <returns>Its path.</returns>
    internal string AddModel(ReadOnlySpan<byte> bytes)
    {
        string path = NewPath();
        using Stream stream = files.Create(path);
        passed?.Invoke(StoreStep.Created);
        stream.Write(bytes[..(bytes.Length / 2)]);
        stream.Flush();
        passed?.Invoke(StoreStep.HalfWritten);
        stream.Write(bytes[(bytes.Length / 2)..]);
        stream.Flush();
        passed?.Invoke(StoreStep.Written);
        files.Flush(stream);
        passed?.Invoke(StoreStep.Flushed);
        return path;
    }

    /// <summary>Writes a record as often as it has names, so that a full disk shows before anything has changed.</summary>
    internal void AddRecords(ReadOnlySpan<byte> bytes, int copies)
    {
        for (int i = 0; i < copies; i++)
        {
            string path = NewPath();
            using Stream stream = files.Create(path);
            stream.Write(bytes);
            files.Flush(stream);
            Records.Add(path);
        }

        passed?.Invoke(StoreStep.Prepared);
    }

    public void Dispose()
    {
        foreach (string path in paths.Where(File.Exists))
        {
            try
            {
                files.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is removed at the next start.
            }
        }
    }

    private string NewPath()
    {
        string path = prefix + Guid.NewGuid().ToString("N");
        paths.Add(path);
        return path;
    }
}
