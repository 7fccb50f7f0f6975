using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>How <see cref="EdgeModel"/> loads a model, and what the model may ask for. A file of a few hundred bytes can ask for days of work and for all memory; the defaults refuse that and are far above what real models need.</summary>
public sealed class ModelLoadOptions
{
    /// <summary>Creates limits.</summary>
    /// <param name="maxSteps">Most steps of one inference, 1 or more: multiply-accumulates, and elements read and written where an operator has none; 17,179,869,184 unless given.</param>
    /// <param name="maxScratchBytes">Most bytes that the kernels of one session may take besides the arena and the weights, 0 or more: the one block that they work in, as large as the largest needs, and the tables of all of them, which sessions share; 268,435,456 unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below its lowest.</exception>
    public ModelLoadOptions(long maxSteps = FormatLayout.MaxSteps, long maxScratchBytes = FormatLayout.MaxArenaBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(maxScratchBytes);
        MaxSteps = maxSteps;
        MaxScratchBytes = maxScratchBytes;
    }

    /// <summary>Most steps of one inference.</summary>
    public long MaxSteps { get; }

    /// <summary>Most bytes of scratch and tables of one session.</summary>
    public long MaxScratchBytes { get; }

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

    internal static ModelLoadOptions Default { get; } = new();
}
