namespace EdgeInference.Runtime.Signals;

/// <summary>Keeps the last samples of a signal and says when a window of them is due. Allocates nothing after it is made.</summary>
public sealed class SlidingWindow
{
    private readonly float[] ring;
    private int next;
    private int filled;
    private int sinceLast;

    /// <summary>Creates an empty window.</summary>
    /// <param name="channels">Values in a sample, 1 or more.</param>
    /// <param name="length">Samples in a window, 1 or more.</param>
    /// <param name="hop">Samples from one window to the next, 1 to <paramref name="length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public SlidingWindow(int channels, int length, int hop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hop, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hop, length);
        Channels = channels;
        Length = length;
        Hop = hop;
        ring = new float[checked(channels * length)];
        Clear();
    }

    /// <summary>Values in a sample.</summary>
    public int Channels { get; }

    /// <summary>Samples in a window.</summary>
    public int Length { get; }

    /// <summary>Samples from one window to the next.</summary>
    public int Hop { get; }

    /// <summary>Adds a sample.</summary>
    /// <param name="sample"><see cref="Channels"/> values.</param>
    /// <returns>Whether a window is due: the first when <see cref="Length"/> samples are there, then every <see cref="Hop"/> samples.</returns>
    /// <exception cref="ArgumentException">The sample has another number of values.</exception>
    public bool Add(ReadOnlySpan<float> sample)
    {
        if (sample.Length != Channels)
        {
            throw new ArgumentException($"A sample of this window has {Channels} values, not {sample.Length}.", nameof(sample));
        }

        sample.CopyTo(ring.AsSpan(next * Channels));
        next = next + 1 == Length ? 0 : next + 1;
        filled = Math.Min(filled + 1, Length);
        sinceLast++;
        if (filled < Length || sinceLast < Hop)
        {
            return false;
        }

        sinceLast = 0;
        return true;
    }

    /// <summary>Copies the samples, the oldest first.</summary>
    /// <param name="window">Room for <see cref="Length"/> · <see cref="Channels"/> values, row-major [length, channels].</param>
    public void CopyTo(Span<float> window)
    {
        int split = next * Channels;
        ring.AsSpan(split).CopyTo(window);
        ring.AsSpan(0, split).CopyTo(window[(ring.Length - split)..]);
    }

    /// <summary>Forgets all samples, as after a gap in the signal that no window may span.</summary>
    public void Clear()
    {
        next = 0;
        filled = 0;
        sinceLast = Hop;
    }
}
