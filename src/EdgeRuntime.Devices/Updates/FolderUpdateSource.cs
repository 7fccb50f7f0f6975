namespace EdgeInference.Devices;

/// <summary>Takes models from a folder: every <c>.edge</c> file that is unchanged between two checks.</summary>
public sealed class FolderUpdateSource
{
    private readonly string folder;
    private readonly ModelUpdater updater;
    private readonly Dictionary<string, Sighting> seen = new(StringComparer.Ordinal);

    /// <summary>Creates a source; the folder need not exist yet.</summary>
    public FolderUpdateSource(string folder, ModelUpdater updater)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(updater);
        this.folder = folder;
        this.updater = updater;
    }

    /// <summary>Checks the folder once.</summary>
    public void Poll()
    {
        FileInfo[] files;
        try
        {
            files = Directory.Exists(folder) ? new DirectoryInfo(folder).GetFiles("*.edge") : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            updater.ReportUnreachable(folder, exception.Message);
            return;
        }

        foreach (FileInfo file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            Look(file);
        }
    }

    private void Look(FileInfo file)
    {
        var now = new Sighting(file.Length, file.LastWriteTimeUtc, Done: false);
        bool known = seen.TryGetValue(file.FullName, out Sighting before);
        if (!known || before.Length != now.Length || before.Written != now.Written)
        {
            // It may still be on its way: a copy is not a rename.
            seen[file.FullName] = now;
            return;
        }

        if (before.Done)
        {
            return;
        }

        try
        {
            UpdateReport report = file.Length > updater.MaxBytes
                ? updater.RefuseSize(file.Length, file.FullName)
                : updater.Apply(File.ReadAllBytes(file.FullName), file.FullName);
            seen[file.FullName] = now with { Done = report.Outcome != UpdateOutcome.StorageFailed };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            seen.Remove(file.FullName);
            updater.ReportUnreachable(file.FullName, exception.Message);
        }
    }

    private readonly record struct Sighting(long Length, DateTime Written, bool Done);
}
