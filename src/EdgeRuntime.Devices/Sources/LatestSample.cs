namespace EdgeInference.Devices;

/// <summary>Hands the newest sample from one thread to another, without a lock: one of three buffers belongs to each side, and the third changes hands.</summary>
internal sealed class LatestSample(int channels)
{
    private const int New = 4;
    private const int Index = 3;

    private readonly float[][] values = [new float[channels], new float[channels], new float[channels]];
    private readonly long[] times = new long[3];
    private int written;
    private int handed = 1;
    private int taken = 2;

    /// <summary>The writer's buffer.</summary>
    internal Span<float> Next => values[written];

    /// <summary>The reader's sample.</summary>
    internal ReadOnlySpan<float> Values => values[taken];

    /// <summary>When the reader's sample was taken; 0 for none.</summary>
    internal long Time => times[taken];

    /// <summary>Writer: hands over its buffer.</summary>
    internal void Publish(long time)
    {
        times[written] = time;
        written = Interlocked.Exchange(ref handed, written | New) & Index;
    }

    /// <summary>Reader: takes what was handed over since the last time.</summary>
    /// <returns>Whether there was a sample.</returns>
    internal bool Take()
    {
        if ((Volatile.Read(ref handed) & New) == 0)
        {
            return false;
        }

        taken = Interlocked.Exchange(ref handed, taken) & Index;
        return true;
    }
}
