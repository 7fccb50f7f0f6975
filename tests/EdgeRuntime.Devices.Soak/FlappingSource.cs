using System.Diagnostics;

namespace EdgeInference.Devices.Soak;

/// <summary>A sensor that fails once in every second with another kind of exception each time, and measures how regularly it is read.</summary>
internal sealed class FlappingSource(int readsBetweenFaults, TimeSpan allowedGap) : ISampleSource
{
    // While it starts, what the loop calls is compiled at its first call.
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(2);

    private readonly Func<Exception>[] kinds =
    [
        () => new IOException("The bus is stuck."),
        () => new TimeoutException("No answer."),
        () => new ArgumentOutOfRangeException("register", "A binding's own fault."),
        () => new FormatException("A binding's own fault."),
        () => new OverflowException("A binding's own fault."),
        () => new KeyNotFoundException("A binding's own fault."),
    ];

    private readonly long started = Stopwatch.GetTimestamp();
    private readonly (long Previous, long Now)[] late = new (long, long)[1000];
    private long reads;
    private long failed;
    private long gaps;
    private long longest;
    private long previous;

    public int Channels => 2;

    public IReadOnlyList<string> ChannelNames => ["a", "b"];

    /// <summary>Reads that gave a sample.</summary>
    internal long Good => Volatile.Read(ref reads) - Failed;

    /// <summary>Reads that failed.</summary>
    internal long Failed => Volatile.Read(ref failed);

    /// <summary>Times that a read came later after a good one than is allowed.</summary>
    internal long Gaps => Volatile.Read(ref gaps);

    /// <summary>The first of them: time stamps of the read before and of the late one.</summary>
    internal IEnumerable<(long Previous, long Now)> Late => late.Take((int)Math.Min(Gaps, late.Length));

    /// <summary>The longest time from a good read to the next.</summary>
    internal TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref longest));

    public void Start() => previous = 0;

    public void Read(Span<float> sample)
    {
        long now = Stopwatch.GetTimestamp();
        if (previous != 0)
        {
            TimeSpan gap = Stopwatch.GetElapsedTime(previous, now);
            if (gap > allowedGap && Stopwatch.GetElapsedTime(started, now) > StartUp)
            {
                long at = Interlocked.Increment(ref gaps) - 1;
                if (at < late.Length)
                {
                    late[at] = (previous, now);
                }
            }

            Volatile.Write(ref longest, Math.Max(longest, gap.Ticks));
        }

        previous = now;
        long number = Interlocked.Increment(ref reads);
        if (number % readsBetweenFaults == 0)
        {
            throw kinds[Interlocked.Increment(ref failed) % kinds.Length]();
        }

        sample[0] = number % 1000 / 1000f;
        sample[1] = -sample[0];
    }

    public void Dispose()
    {
    }
}
