namespace EdgeInference.Runtime;

/// <summary>How <see cref="EdgeModel"/> loads a model.</summary>
public sealed class ModelLoadOptions
{
    /// <summary>
    /// Whether to map the file into memory instead of copying it; false by default. Processes that map the same file share its
    /// pages, and the system may drop and read them again.
    /// </summary>
    /// <remarks>
    /// Risk: nobody may shorten or overwrite the file until the model is disposed. Where a page of a mapped file is gone or cannot
    /// be read, the system ends the process (SIGBUS on Linux), which no exception handler can prevent; bytes that change
    /// are not checked again. Replace such a file by renaming another over it.
    /// </remarks>
    public bool MapFile { get; init; }
}
