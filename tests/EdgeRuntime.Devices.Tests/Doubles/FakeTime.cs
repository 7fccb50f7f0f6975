namespace EdgeRuntime.Devices.Tests.Doubles;

/// <summary>
/// Time that moves only when told. A one-shot timer moves it to its own end (plus <see cref="Lateness"/>) as it is set, so that
/// a loop which waits runs at full speed on one thread; periodic timers fire on the way.
/// </summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly List<FakeTimer> timers = [];
    private long now = TimeSpan.TicksPerHour;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How late each wait ends; called for each wait.</summary>
    internal Func<TimeSpan> Lateness { get; set; } = () => TimeSpan.Zero;

    public override long GetTimestamp() => now;

    public override DateTimeOffset GetUtcNow() => new(now, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timers.Add(timer);
        timer.Set(dueTime, period);
        return timer;
    }

    internal void Advance(TimeSpan span)
    {
        long end = now + span.Ticks;
        while (timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due) is { } next)
        {
            now = Math.Max(now, next.Due);
            next.Fire();
        }

        now = end;
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan every;

        internal long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Set(dueTime, period);
            if (Due != long.MaxValue && period == Timeout.InfiniteTimeSpan)
            {
                time.Advance(dueTime + time.Lateness());
            }

            return true;
        }

        public void Dispose() => time.timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Set(TimeSpan dueTime, TimeSpan period)
        {
            every = period;
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.now + dueTime.Ticks;
        }

        internal void Fire()
        {
            Due = every == Timeout.InfiniteTimeSpan ? long.MaxValue : Due + every.Ticks;
            callback(state);
        }
    }
}
