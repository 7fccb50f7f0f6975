using System.Numerics;

namespace EdgeInference.Devices;

/// <summary>
/// Durations in buckets whose width grows with the duration, 16 to each power of two: any percentile is known to within
/// a sixteenth, in 8 KB, without an allocation for each value. One thread records; any may read.
/// </summary>
public sealed class LatencyHistogram
{
    private const int BucketBits = 4;
    private const int BucketsPerOctave = 1 << BucketBits;

    private readonly long[] buckets = new long[(64 - BucketBits) * BucketsPerOctave];
    private long count;
    private long max;

    /// <summary>Number of durations.</summary>
    public long Count => Volatile.Read(ref count);

    /// <summary>The longest duration.</summary>
    public TimeSpan Max => FromNanoseconds(Volatile.Read(ref max));

    /// <summary>Records a duration; one below 0 counts as 0.</summary>
    public void Record(TimeSpan duration)
    {
        long nanoseconds = Math.Max(0, duration.Ticks) * TimeSpan.NanosecondsPerTick;
        buckets[Index(nanoseconds)]++;
        max = Math.Max(max, nanoseconds);
        Volatile.Write(ref count, count + 1);
    }

    /// <summary>The duration that a share of all durations does not exceed, rounded up to its bucket's end; 0 if there are none.</summary>
    /// <param name="share">0 to 1, for example 0.99.</param>
    public TimeSpan Percentile(double share)
    {
        long rank = (long)Math.Ceiling(Count * Math.Clamp(share, 0, 1));
        long seen = 0;
        for (int i = 0; i < buckets.Length && rank > 0; i++)
        {
            seen += Volatile.Read(ref buckets[i]);
            if (seen >= rank)
            {
                return FromNanoseconds(Math.Min(End(i), Volatile.Read(ref max)));
            }
        }

        return TimeSpan.Zero;
    }

    private static int Index(long nanoseconds)
    {
        if (nanoseconds < BucketsPerOctave)
        {
            return (int)nanoseconds;
        }

        int exponent = BitOperations.Log2((ulong)nanoseconds);
        int within = (int)(nanoseconds >> (exponent - BucketBits)) & (BucketsPerOctave - 1);
        return ((exponent - BucketBits + 1) * BucketsPerOctave) + within;
    }

    private static long End(int index)
    {
        if (index < BucketsPerOctave)
        {
            return index;
        }

        int exponent = (index / BucketsPerOctave) + BucketBits - 1;
        long within = index % BucketsPerOctave;
        return ((BucketsPerOctave + within + 1) << (exponent - BucketBits)) - 1;
    }

    private static TimeSpan FromNanoseconds(long nanoseconds) => TimeSpan.FromTicks((nanoseconds + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick);
}
