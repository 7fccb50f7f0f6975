using System.Runtime.InteropServices;

namespace EdgeInference.Devices;

/// <summary>Waits for points in time of a <see cref="TimeProvider"/>. One thread waits at a time; nothing is allocated for each wait.</summary>
internal sealed partial class DeadlineTimer : IDisposable
{
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;

    // A stop is noticed this late at most while the thread sleeps in the kernel.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider time;
    private readonly AutoResetEvent due = new(false);
    private readonly ITimer? timer;

    internal DeadlineTimer(TimeProvider time)
    {
        this.time = time;
        if (!UsesKernel)
        {
            timer = time.CreateTimer(static state => ((AutoResetEvent)state!).Set(), due, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    // The runtime's timers have a resolution of a millisecond; the kernel's absolute sleep has one of microseconds.
    private bool UsesKernel => ReferenceEquals(time, TimeProvider.System) && OperatingSystem.IsLinux();

    /// <summary>Waits until <see cref="TimeProvider.GetTimestamp"/> reaches a value.</summary>
    /// <returns>False where the wait was cancelled.</returns>
    internal bool WaitUntil(long timestamp, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            long now = time.GetTimestamp();
            if (now >= timestamp)
            {
                return true;
            }

            if (timer is null)
            {
                long target = SliceEnd(now, timestamp);
                var point = new TimeSpec { Seconds = (nint)(target / time.TimestampFrequency), Nanoseconds = (nint)(target % time.TimestampFrequency * (1_000_000_000 / time.TimestampFrequency)) };
                _ = ClockNanosleep(ClockMonotonic, AbsoluteTime, point, 0);
            }
            else
            {
                timer.Change(time.GetElapsedTime(now, timestamp), Timeout.InfiniteTimeSpan);
                due.WaitOne(Slice);
            }
        }

        return false;
    }

    /// <summary>When a sleep in the kernel ends that begins now: at the point in time, or after a slice where that is earlier.</summary>
    internal long SliceEnd(long now, long timestamp) => Math.Min(timestamp, now + (long)(Slice.TotalSeconds * time.TimestampFrequency));

    public void Dispose()
    {
        timer?.Dispose();
        due.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in TimeSpec request, nint remain);

    private struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }
}
