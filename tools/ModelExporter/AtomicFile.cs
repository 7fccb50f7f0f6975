using System.Collections.Concurrent;

namespace ModelExporter;

/// <summary>Writes files that are either whole or not there: to a temporary file beside the target, then a rename.</summary>
internal static class AtomicFile
{
    // Temporary files that are being written, for somebody who has to stop in between.
    private static readonly ConcurrentDictionary<string, bool> unfinished = new();

    /// <summary>Writes bytes.</summary>
    /// <exception cref="InputException">The folder does not exist, or the file cannot be written.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (!Directory.Exists(folder))
        {
            throw new InputException($"The folder '{folder}' of the output '{path}' does not exist; create it first.");
        }

        if (Directory.Exists(full))
        {
            throw new InputException($"The output '{path}' is a folder; name a file.");
        }

        string temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Environment.ProcessId}.tmp");
        unfinished[temporary] = true;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {exception.Message}", exception);
        }
        finally
        {
            File.Delete(temporary);
            unfinished.TryRemove(temporary, out _);
        }
    }

    /// <summary>Deletes what is not whole yet: for a process that ends at once.</summary>
    internal static void DeleteUnfinished()
    {
        foreach (string temporary in unfinished.Keys)
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    internal static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));
}
