namespace EdgeInference.Devices;

/// <summary>What a loop has counted and measured. Any thread may read it.</summary>
public sealed class LoopStatistics
{
    private readonly TimingRing ring = new();
    private long turns;
    private long decisions;
    private long abstentions;
    private long notFinite;
    private long unlikeTraining;
    private long changes;
    private long missed;
    private long gaps;
    private long learned;
    private long outputFaults;
    private long watchdogExpirations;

    /// <summary>Times that the model ran, abstentions and values that are not finite included.</summary>
    public long Decisions => Volatile.Read(ref decisions);

    /// <summary>Times that the model abstained because the probability lay in its abstain band.</summary>
    public long Abstentions => Volatile.Read(ref abstentions);

    /// <summary>Times that the model made no decision because an input or output was NaN or infinite.</summary>
    public long NotFinite => Volatile.Read(ref notFinite);

    /// <summary>Times that the current label changed.</summary>
    public long Changes => Volatile.Read(ref changes);

    /// <summary>Samples that were due while the loop was busy, and were skipped.</summary>
    public long MissedSamples => Volatile.Read(ref missed);

    /// <summary>Times that a window was restarted because too many samples were missed.</summary>
    public long Gaps => Volatile.Read(ref gaps);

    /// <summary>Labelled decisions that the model learned from.</summary>
    public long Learned => Volatile.Read(ref learned);

    /// <summary>Times that an output failed.</summary>
    public long OutputFaults => Volatile.Read(ref outputFaults);

    /// <summary>Times that the watchdog put outputs into their safe state.</summary>
    public long WatchdogExpirations => Volatile.Read(ref watchdogExpirations);

    /// <summary>Times that the loop turned: took a sample, or found the sensor at fault.</summary>
    public long Turns => Volatile.Read(ref turns);

    /// <summary>
    /// Takes the timings of the turns of <see cref="DecisionLoop.Run"/> since the last call, the oldest first. The last 4,095 are kept
    /// for it. One thread at a time may call it, beside the loop's own.
    /// </summary>
    /// <param name="timings">Room for the timings; what does not fit is left for the next call.</param>
    /// <returns>The number of timings.</returns>
    public int TakeTimings(Span<LoopTiming> timings) => ring.Take(timings);

    /// <summary>Times that the model ran on values unlike its training data, by its score or by the ranges of its training rows.</summary>
    internal long UnlikeTraining => Volatile.Read(ref unlikeTraining);

    internal void AddTurn() => Volatile.Write(ref turns, turns + 1);

    internal void AddTiming(TimeSpan lateness, TimeSpan duration) => ring.Add(lateness, duration);

    internal void AddLearned() => Volatile.Write(ref learned, learned + 1);

    internal void AddDecision() => Volatile.Write(ref decisions, decisions + 1);

    internal void AddAbstention() => Volatile.Write(ref abstentions, abstentions + 1);

    internal void AddNotFinite() => Volatile.Write(ref notFinite, notFinite + 1);

    internal void AddUnlikeTraining() => Volatile.Write(ref unlikeTraining, unlikeTraining + 1);

    internal void AddChange() => Volatile.Write(ref changes, changes + 1);

    internal void AddMissed(long count) => Volatile.Write(ref missed, missed + count);

    internal void AddGap() => Volatile.Write(ref gaps, gaps + 1);

    // Loop and watchdog are two threads.
    internal void AddOutputFault() => Interlocked.Increment(ref outputFaults);

    internal void AddWatchdogExpiration() => Interlocked.Increment(ref watchdogExpirations);
}
