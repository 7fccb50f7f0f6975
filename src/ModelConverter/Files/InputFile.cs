namespace EdgeInference.ModelConverter.Files;

/// <summary>Files that commands read, "-" being standard input. They can be read more than once.</summary>
internal static class InputFile
{
    /// <summary>The path that stands for standard input.</summary>
    internal const string StandardInput = "-";

    /// <summary>Standard input as a file, where the system has one.</summary>
    internal const string Device = "/dev/stdin";

    // Commands may read their rows twice, and a pipe gives them once.
    private static readonly Lazy<byte[]> standardInput = new(() => ToEnd(StandardStreams.Input()));

    /// <summary>True where there is something to read.</summary>
    internal static bool Exists(string path) => path == StandardInput || File.Exists(path);

    /// <summary>Something that opens a file anew each time. What can be read only once, a pipe, is kept in memory.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static Func<Stream> Reopened(string path)
    {
        if (path == StandardInput)
        {
            byte[] all = standardInput.Value;
            return () => new MemoryStream(all, writable: false);
        }

        var first = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (!first.CanSeek)
        {
            byte[] all = ToEnd(first);
            return () => new MemoryStream(all, writable: false);
        }

        first.Dispose();
        return () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>The first bytes of a file that can be read again; none where nothing is there, or it is a pipe.</summary>
    internal static byte[] Start(string path, int count)
    {
        if (path == StandardInput)
        {
            return standardInput.Value[..Math.Min(count, standardInput.Value.Length)];
        }

        if (!File.Exists(path) || FileStatus.Of(path) is not { IsOrdinary: true })
        {
            return [];
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] start = new byte[count];
            return start[..stream.ReadAtLeast(start, count, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever reads the file says why it cannot be read.
            return [];
        }
    }

    /// <summary>All bytes of standard input or of a file.</summary>
    internal static byte[] ReadAll(string path) => path == StandardInput ? standardInput.Value : File.ReadAllBytes(path);

    private static byte[] ToEnd(Stream stream)
    {
        using (stream)
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }
}
