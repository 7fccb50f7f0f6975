namespace EdgeInference.ModelConverter.Files;

/// <summary>The steps of writing a file that a loss of power can fall between; a test sees their order, and lets one fail.</summary>
internal sealed record OutputSteps
{
    /// <summary>Those of the system.</summary>
    internal static OutputSteps System { get; } = new();

    /// <summary>Opens the temporary file.</summary>
    internal Func<string, FileStreamOptions, FileStream> Open { get; init; } = (path, options) => new FileStream(path, options);

    /// <summary>Puts the temporary file in the place of the target.</summary>
    internal Action<string, string> Rename { get; init; } = (from, to) => File.Move(from, to, overwrite: true);

    /// <summary>Has the system write a folder's entries to the disk.</summary>
    internal Func<string, bool> FlushFolder { get; init; } = Files.FlushFolder.Of;
}
