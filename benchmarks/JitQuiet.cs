using System.Diagnostics;
using System.Runtime;

namespace EdgeInference.Benchmarks;

/// <summary>Waits until the compiler has nothing to do any more: a method is compiled twice again after it became hot, which takes long where other processes run.</summary>
internal static class JitQuiet
{
    // The compiler waits for 100 ms without new methods, and then needs the processor, which others may have.
    private const double QuietSeconds = 0.4;
    private const double QuietProcessorSeconds = 0.15;
    private const double MaxSeconds = 20;

    // A method is compiled again after 30 calls.
    private const int LeastRuns = 35;

    /// <summary>Runs an action again and again until no method has been compiled for a while, and this thread was not merely kept waiting meanwhile.</summary>
    internal static void Wait(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        long last = start;
        double worked = ThreadClock.Seconds();
        long compiled = JitInfo.GetCompiledMethodCount();
        for (int runs = 0; Stopwatch.GetElapsedTime(start).TotalSeconds < MaxSeconds && (runs < LeastRuns || !IsQuiet()); runs++)
        {
            action();
            long now = JitInfo.GetCompiledMethodCount();
            if (now != compiled)
            {
                compiled = now;
                last = Stopwatch.GetTimestamp();
                worked = ThreadClock.Seconds();
            }
        }

        bool IsQuiet() => Stopwatch.GetElapsedTime(last).TotalSeconds >= QuietSeconds && ThreadClock.Seconds() - worked >= QuietProcessorSeconds;
    }
}
