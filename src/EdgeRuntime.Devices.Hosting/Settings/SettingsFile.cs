namespace EdgeInference.Devices.Hosting;

/// <summary>
/// A file that the settings name, or that holds them. A FIFO or /dev/zero in its place would hang the start or fill the memory, and a
/// dead mount would hold whoever looks at it for ever.
/// </summary>
internal static class SettingsFile
{
    // The certificates of all authorities that a system trusts are a quarter of that.
    private const int MostBytes = 1024 * 1024;

    /// <summary>Below what systemd waits for a start, and above what a card takes.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The text of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="IOException">It is no regular file, has more than 1 MiB, or cannot be read.</exception>
    internal static string Text(string path)
    {
        using var reader = new StreamReader(new MemoryStream(RegularFile.Read(path, MostBytes)));
        return reader.ReadToEnd();
    }

    /// <summary>Runs what looks at a disk, and leaves it alone where the disk does not answer.</summary>
    /// <returns>Whether it ended in time.</returns>
    internal static bool Answers(Action look, TimeSpan patience)
    {
        var looked = Task.Run(look);
        if (Task.WaitAny([looked], patience) < 0)
        {
            return false;
        }

        looked.GetAwaiter().GetResult();
        return true;
    }
}
