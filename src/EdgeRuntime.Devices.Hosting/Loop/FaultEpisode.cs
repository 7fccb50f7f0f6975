namespace EdgeInference.Devices.Hosting;

/// <summary>
/// Makes one beginning and one end of a fault that comes and goes: it is over only when it has not been seen for a while.
/// Otherwise a loose contact would fill the disk with its log.
/// </summary>
internal sealed class FaultEpisode(TimeProvider time)
{
    /// <summary>Time without the fault after which it is over.</summary>
    internal static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private long total;
    private long totalBefore;
    private long began;
    private long seen;

    internal bool IsActive { get; private set; }

    /// <summary>Times that the fault set in since the episode began.</summary>
    internal long Count => total - totalBefore;

    /// <summary>Seconds from the beginning until the fault was last seen.</summary>
    internal double Seconds => time.GetElapsedTime(began, seen).TotalSeconds;

    /// <summary>Looks at a fault.</summary>
    /// <param name="counted">Times that it set in since the start.</param>
    /// <param name="isNow">Whether it is there now.</param>
    /// <returns>Whether the episode began or ended with this look.</returns>
    internal bool Changed(long counted, bool isNow)
    {
        bool isSeen = isNow || counted != total;
        totalBefore = IsActive ? totalBefore : total;
        total = counted;
        if (isSeen)
        {
            seen = time.GetTimestamp();
            began = IsActive ? began : seen;
        }

        bool isActive = isSeen || (IsActive && time.GetElapsedTime(seen) < Quiet);
        bool changed = isActive != IsActive;
        IsActive = isActive;
        return changed;
    }
}
