using System.Diagnostics;
using System.Runtime;

namespace EdgeInference.Tool.Execution;

/// <summary>Lets the runtime's compiler finish before something is timed.</summary>
internal static class WarmUp
{
    // The runtime compiles hot methods again in the background, some 100 ms after they became hot.
    private const double QuietSeconds = 0.3;

    /// <summary>Where it stops at the latest. Tests, which time nothing and compile all the while, do not wait.</summary>
    internal static double MaxSeconds { get; set; } = 5;

    /// <summary>Runs an action again and again until the compiler has had nothing to do for a while.</summary>
    internal static void Run(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        long lastCompiled = start;
        long compiled = JitInfo.GetCompiledMethodCount();
        while (Stopwatch.GetElapsedTime(lastCompiled).TotalSeconds < QuietSeconds && Stopwatch.GetElapsedTime(start).TotalSeconds < MaxSeconds)
        {
            action();
            long now = JitInfo.GetCompiledMethodCount();
            lastCompiled = now == compiled ? lastCompiled : Stopwatch.GetTimestamp();
            compiled = now;
        }
    }
}
