namespace EdgeInference.Devices;

/// <summary>
/// The last timings of a loop, for a reader on another thread: whoever measures can then take its time, or hang, without the loop
/// knowing. One thread writes, one reads; neither waits or allocates.
/// </summary>
internal sealed class TimingRing
{
    /// <summary>Timings that are kept for a reader that is late: four seconds at 1 kHz.</summary>
    internal const int Capacity = 4096;

    private readonly long[] lateness = new long[Capacity];
    private readonly long[] duration = new long[Capacity];
    private long written;
    private long taken;

    internal void Add(TimeSpan late, TimeSpan took)
    {
        long at = written % Capacity;
        Volatile.Write(ref lateness[at], late.Ticks);
        Volatile.Write(ref duration[at], took.Ticks);
        Volatile.Write(ref written, written + 1);
    }

    internal int Take(Span<LoopTiming> timings)
    {
        int count = 0;
        while (count < timings.Length && taken < Volatile.Read(ref written))
        {
            taken = Math.Max(taken, Volatile.Read(ref written) - Capacity + 1);
            long at = taken % Capacity;
            var timing = new LoopTiming(TimeSpan.FromTicks(Volatile.Read(ref lateness[at])), TimeSpan.FromTicks(Volatile.Read(ref duration[at])));

            // One that the writer came to meanwhile may be half of each.
            if (Volatile.Read(ref written) - taken < Capacity)
            {
                timings[count++] = timing;
                taken++;
            }
        }

        return count;
    }
}
