using System.Diagnostics;
using System.Runtime;

namespace EdgeInference.Benchmarks;

/// <summary>Waits until the compiler has nothing to do any more: a method is compiled twice again after it became hot, which takes long where other processes run.</summary>
internal static class JitQuiet
{
    private const double QuietSeconds = 1;
    private const double MaxSeconds = 15;

    // A method is compiled again after 30 calls, twice.
    private const int LeastRuns = 80;

    /// <summary>Runs an action again and again until no method has been compiled for a second.</summary>
    internal static void Wait(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        long last = start;
        long compiled = JitInfo.GetCompiledMethodCount();
        for (int runs = 0; Stopwatch.GetElapsedTime(start).TotalSeconds < MaxSeconds && (runs < LeastRuns || Stopwatch.GetElapsedTime(last).TotalSeconds < QuietSeconds); runs++)
        {
            action();
            long now = JitInfo.GetCompiledMethodCount();
            last = now == compiled ? last : Stopwatch.GetTimestamp();
            compiled = now;
        }
    }
}
