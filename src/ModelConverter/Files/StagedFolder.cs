namespace EdgeInference.ModelConverter.Files;

/// <summary>Writes files of a folder so that a new folder is whole or not there, and an old one is changed only after all are on the disk.</summary>
internal static class StagedFolder
{
    /// <summary>Writes the files beside the folder first, and moves them.</summary>
    /// <param name="folder">The folder; made with those above it where it is missing.</param>
    /// <param name="files">Paths in the folder, and texts.</param>
    /// <exception cref="InputException">A file or folder cannot be written.</exception>
    internal static void Write(string folder, IEnumerable<(string Path, string Text)> files)
    {
        string above = Path.GetDirectoryName(folder) ?? folder;
        string staged = Path.Combine(above, $".edge-{Guid.NewGuid():N}.tmp");
        try
        {
            try
            {
                Directory.CreateDirectory(staged);
                foreach ((string path, string text) in files)
                {
                    AtomicFile.Write(Path.Combine(staged, Path.GetFileName(path)), text);
                }

                if (!Directory.Exists(folder))
                {
                    Directory.Move(staged, folder);
                    return;
                }

                foreach ((string path, string _) in files)
                {
                    File.Move(Path.Combine(staged, Path.GetFileName(path)), path, overwrite: true);
                }
            }
            finally
            {
                if (Directory.Exists(staged))
                {
                    Directory.Delete(staged, recursive: true);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The folder '{folder}' cannot be written: {exception.Message}", exception);
        }
    }
}
