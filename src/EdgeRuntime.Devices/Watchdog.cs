namespace EdgeRuntime.Devices;

/// <summary>Acts when a loop stops turning, for example because a driver hangs: once for each time that it stops.</summary>
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
        TimeSpan period = timeout / 2;
        timer = time.CreateTimer(_ => Check(), null, period, period);
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
        if (time.GetElapsedTime(Volatile.Read(ref lastTurn)) >= timeout && Interlocked.Exchange(ref barking, 1) == 0)
        {
            expired();
        }
    }
}
