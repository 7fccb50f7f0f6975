namespace EdgeInference.Devices;

/// <summary>Acts when a loop stops turning, for example because a driver hangs: at its timeout after the last turn, once for each time that it stops.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly TimeProvider time;
    private readonly TimeSpan timeout;
    private readonly Action expired;
    private readonly ITimer timer;
    private long lastTurn;
    private int barking;

    internal Watchdog(TimeProvider time, TimeSpan timeout, Action expired)
    {
        this.time = time;
        this.timeout = timeout;
        this.expired = expired;
        lastTurn = time.GetTimestamp();
        timer = time.CreateTimer(static state => ((Watchdog)state!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        CheckAfter(timeout);
    }

    /// <summary>Says that the loop turned.</summary>
    /// <returns>Whether the watchdog had acted since the turn before.</returns>
    internal bool Turn()
    {
        Volatile.Write(ref lastTurn, time.GetTimestamp());
        return Volatile.Read(ref barking) != 0 && Interlocked.Exchange(ref barking, 0) != 0;
    }

    public void Dispose() => timer.Dispose();

    private void Check()
    {
        TimeSpan rest = timeout - time.GetElapsedTime(Volatile.Read(ref lastTurn));
        if (rest <= TimeSpan.Zero && Interlocked.Exchange(ref barking, 1) == 0)
        {
            expired();
        }

        CheckAfter(rest > TimeSpan.Zero ? rest : timeout);
    }

    // Timers count whole milliseconds and cut the rest off: a check that came too early would be repeated at once.
    private void CheckAfter(TimeSpan span) => timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
}
