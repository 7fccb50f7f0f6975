namespace EdgeInference.Devices;

/// <summary>
/// Takes models from a folder: every <c>.edge</c> file that is unchanged between two checks. What cannot be a model (a device, a folder,
/// a file that is too large or cannot be read) is reported once, and again only after it changed.
/// </summary>
public sealed class FolderUpdateSource
{
    /// <summary>Most files that one check looks at.</summary>
    internal const int MaxFiles = 1000;

    private readonly string folder;
    private readonly ModelUpdater updater;
    private Dictionary<string, Sighting> seen = new(StringComparer.Ordinal);

    /// <summary>Creates a source; the folder need not exist yet.</summary>
    public FolderUpdateSource(string folder, ModelUpdater updater)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(updater);
        this.folder = folder;
        this.updater = updater;
    }

    /// <summary>Checks the folder once.</summary>
    /// <param name="cancellation">Ends the check between two files.</param>
    /// <returns>Why the folder could not be looked at, or null; a file that cannot be read is the updater's report alone.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public UpdateSourceFault? Poll(CancellationToken cancellation = default)
    {
        FileSystemInfo[] entries;
        try
        {
            if (File.Exists(folder))
            {
                return Report("folder", "It is a file, not a folder.");
            }

            // One more than is looked at, and never the millions that somebody put there.
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*.edge").Take(MaxFiles + 1)];
        }
        catch (DirectoryNotFoundException)
        {
            seen.Clear();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Report("folder", exception.Message);
        }

        var now = new Dictionary<string, Sighting>(StringComparer.Ordinal);
        foreach (FileSystemInfo entry in entries.Take(MaxFiles).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Look(entry, seen.GetValueOrDefault(entry.FullName)) is { } sighting)
            {
                now[entry.FullName] = sighting;
            }
        }

        // What is gone is forgotten, else names that come and go would fill the memory.
        seen = now;
        return entries.Length > MaxFiles ? Report("too_many_files", $"It holds more than {MaxFiles} .edge files, and only {MaxFiles} of them are looked at; delete those that were taken or refused.") : null;
    }

    private UpdateSourceFault Report(string kind, string reason)
    {
        updater.ReportUnreachable(folder, reason);
        return new UpdateSourceFault(kind, reason);
    }

    // What is known of the entry from now on; null where it has gone.
    private Sighting? Look(FileSystemInfo entry, Sighting? before)
    {
        try
        {
            var now = new Sighting(entry is FileInfo file ? file.Length : 0, entry.LastWriteTimeUtc, before?.Said);
            if (before is null || before.Length != now.Length || before.Written != now.Written)
            {
                // It may still be on its way: a copy is not a rename.
                return now;
            }

            return before.Done ? before : entry is FileInfo ? Take(entry.FullName, now) : Say(entry.FullName, now, "It is a folder, not a model file.", done: true);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return entry.LinkTarget is { } target ? Say(entry.FullName, before ?? new Sighting(0, default, null), $"It is a link to '{target}', which is not there.", done: false) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Tried again with each check, since its rights may change and its time not.
            return Say(entry.FullName, before ?? new Sighting(0, default, null), exception.Message, done: false);
        }
    }

    private Sighting Take(string path, Sighting now)
    {
        UpdateReport report;
        try
        {
            report = updater.Apply(RegularFile.Read(path, updater.MaxBytes), path);
        }
        catch (FileTooLargeException exception)
        {
            report = updater.RefuseSize(exception.Length, path);
        }

        return now with { Said = null, Done = report.Outcome != UpdateOutcome.StorageFailed };
    }

    private Sighting Say(string path, Sighting now, string reason, bool done)
    {
        if (now.Said != reason)
        {
            updater.ReportUnreachable(path, reason);
        }

        return now with { Said = reason, Done = done };
    }

    private sealed record Sighting(long Length, DateTime Written, string? Said, bool Done = false);
}
