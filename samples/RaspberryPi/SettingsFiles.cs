namespace EdgeDevice;

/// <summary>
/// Looks at the files of settings before the host does: it passes over one that is missing or a folder without a word, so that the
/// device would run with other settings than its user believes, and waits for ever at a FIFO.
/// </summary>
internal static class SettingsFiles
{
    private const string Name = "appsettings.json";

    /// <summary>Says where there is no file of settings.</summary>
    /// <param name="folder">Folder of the program.</param>
    /// <param name="environment">Name of the host's environment, whose file need not exist.</param>
    /// <param name="errors">Receives the sentence.</param>
    /// <exception cref="IOException">Something else stands in a file's place, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    internal static void Require(string folder, string environment, TextWriter errors)
    {
        string file = Path.Combine(folder, Name);
        if (!IsThere(file))
        {
            errors.WriteLine($"There is no '{file}': each setting that neither the command line nor the environment gives has its default. Copy the file that came with the program there.");
        }

        _ = IsThere(Path.Combine(folder, Path.ChangeExtension(Name, environment + Path.GetExtension(Name))));
    }

    private static bool IsThere(string file)
    {
        try
        {
            _ = SettingsFile.Text(file);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
