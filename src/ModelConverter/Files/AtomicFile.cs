using System.Collections.Concurrent;

namespace EdgeInference.ModelConverter.Files;

/// <summary>
/// Writes files that are either whole or not there, after a loss of power too: to a temporary file beside the target, whose
/// bytes are on the disk before a rename, and then the folder.
/// A symbolic link stays, and what it points to is replaced; the mode of an existing file stays.
/// What cannot be replaced (<see cref="OutputTarget.IsStream"/>) is written directly.
/// </summary>
internal static class AtomicFile
{
    // Temporary files that are being written, for someone who has to stop in between.
    private static readonly ConcurrentDictionary<string, bool> unfinished = new();

    /// <summary>Writes bytes; "-" is standard output.</summary>
    /// <exception cref="InputException">The folder does not exist, or the file cannot be written.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> bytes) => Write(path, bytes, OutputSteps.System);

    /// <summary>Writes bytes by given steps.</summary>
    internal static void Write(string path, ReadOnlySpan<byte> bytes, OutputSteps steps)
    {
        try
        {
            OutputTarget target = OutputTarget.Of(path);
            if (target.IsStream)
            {
                OutputStream.Write(target, bytes);
                return;
            }

            Replace(target.Path, path, bytes, steps);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Deletes what is incomplete yet: for a process that ends at once.</summary>
    internal static void DeleteUnfinished()
    {
        foreach (string temporary in unfinished.Keys)
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    internal static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    private static void Replace(string full, string path, ReadOnlySpan<byte> bytes, OutputSteps steps)
    {
        string folder = Path.GetDirectoryName(full) ?? full;
        if (!Directory.Exists(folder))
        {
            throw new InputException($"The folder '{folder}' of the output '{path}' does not exist; create it first.");
        }

        if (Directory.Exists(full))
        {
            throw new InputException($"The output '{path}' is a folder; name a file.");
        }

        string temporary = Path.Combine(folder, $".edge-{Guid.NewGuid():N}.tmp");
        unfinished[temporary] = true;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            UnixFileMode? mode = null;
            if (!OperatingSystem.IsWindows() && File.Exists(full))
            {
                // Nobody may read the new content who may not read the old, not even before the rename.
                mode = File.GetUnixFileMode(full);
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (FileStream stream = steps.Open(temporary, options))
            {
                if (!OperatingSystem.IsWindows() && mode is { } kept)
                {
                    File.SetUnixFileMode(stream.SafeFileHandle, kept);
                }

                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            steps.Rename(temporary, full);
            steps.FlushFolder(folder);
        }
        finally
        {
            File.Delete(temporary);
            unfinished.TryRemove(temporary, out _);
        }
    }
}
