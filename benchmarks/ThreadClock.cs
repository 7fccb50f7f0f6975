using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeInference.Benchmarks;

/// <summary>
/// The processor time of this thread, where the system tells it: on a machine that does other work a call of milliseconds is
/// interrupted more often than not, and wall time then says how long it waited.
/// </summary>
internal static partial class ThreadClock
{
    // CLOCK_THREAD_CPUTIME_ID of Linux.
    private const int Thread = 3;

    internal static string Name => OperatingSystem.IsLinux() && Environment.Is64BitProcess ? "processor time" : "wall time";

    /// <summary>Seconds since some moment.</summary>
    internal static double Seconds() => OperatingSystem.IsLinux() && Environment.Is64BitProcess && Read(Thread, out Time time) == 0
        ? time.Seconds + (time.Nanoseconds * 1e-9)
        : (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
