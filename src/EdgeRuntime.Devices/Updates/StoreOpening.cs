namespace EdgeInference.Devices;

/// <summary>Takes a store's folder for this program.</summary>
internal static class StoreOpening
{
    /// <summary>Makes the folder where it is missing, takes its lock, and removes what an interrupted replacement left.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">The disk.</param>
    /// <param name="problems">Receives a sentence for each thing that did not work.</param>
    /// <returns>The lock; null where the folder cannot be written.</returns>
    /// <exception cref="StoreInUseException">Another program has it.</exception>
    internal static StoreLock? Take(string folder, IStoreFiles files, List<string> problems)
    {
        StoreLock? held = null;
        try
        {
            Directory.CreateDirectory(folder);
            held = StoreLock.Take(folder);
            foreach (string left in Directory.EnumerateFiles(folder, FreshFiles.Prefix + "*"))
            {
                RemoveLeft(left, files, problems);
            }
        }
        catch (Exception exception) when (exception is (IOException and not StoreInUseException) or UnauthorizedAccessException)
        {
            problems.Add($"The model store '{folder}' cannot be written, so that no update is taken until it can ({exception.Message.TrimEnd('.')}); give this program's user the folder and mount its file system for writing.");
        }

        return held;
    }

    private static void RemoveLeft(string path, IStoreFiles files, List<string> problems)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"'{path}', left by an interrupted update, cannot be deleted ({exception.Message.TrimEnd('.')}); delete it by hand.");
        }
    }
}
