using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>
/// Time that moves only when told. A timer that a thread waits for moves it to the timer's own end (plus <see cref="Lateness"/>)
/// as it is set, a millisecond at a time, so that a loop runs at full speed on one thread and other timers fire on the way.
/// </summary>
internal sealed class FakeTime : FakeTimeProvider
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    /// <summary>How late each wait ends; called for each wait.</summary>
    internal Func<TimeSpan> Lateness { get; set; } = () => TimeSpan.Zero;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        return state is WaitHandle ? new WaitedTimer(this, timer) : timer;
    }

    /// <summary>Moves the time, so that each timer sees the millisecond that it is due in.</summary>
    internal void Pass(TimeSpan span)
    {
        for (TimeSpan rest = span; rest > TimeSpan.Zero; rest -= Step)
        {
            Advance(rest < Step ? rest : Step);
        }
    }

    private sealed class WaitedTimer(FakeTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            // It would be set again and again, and time would stand still.
            Assert.NotEqual(TimeSpan.Zero, dueTime);
            bool changed = timer.Change(dueTime, period);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.Pass(dueTime + time.Lateness());
            }

            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
