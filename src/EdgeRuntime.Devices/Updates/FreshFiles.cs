namespace EdgeInference.Devices;

/// <summary>Files that are written and on the disk and that nobody reads yet. Those that got no other name in the end are removed.</summary>
internal sealed class FreshFiles(IStoreFiles files, string prefix, Action<StoreStep>? passed) : IDisposable
{
    /// <summary>Name of the model in use.</summary>
    internal const string ModelName = "model.edge";

    /// <summary>How the names of fresh files begin.</summary>
    internal const string Prefix = ".model.edge.";

    private readonly List<string> paths = [];

    /// <summary>Paths of the records.</summary>
    internal List<string> Records { get; } = [];

    /// <summary>Why a change failed: the same words each time, whatever the name of the temporary file was.</summary>
    internal static string ReasonOf(Exception exception)
    {
        string text = exception.Message;
        int start = text.IndexOf(Prefix, StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.IndexOf('\'', start);
        return end < 0 ? text : string.Concat(text.AsSpan(0, start), ModelName, text.AsSpan(end));
    }

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
