using System.Diagnostics;
using EdgeInference.Benchmarks.Contenders;

namespace EdgeInference.Benchmarks;

/// <summary>
/// Times several contenders in turn, many short rounds each, and takes medians: on a machine that does other work too, a
/// slow spell then falls on all of them, and their ratio stays.
/// </summary>
internal static class Comparison
{
    private const double RoundSeconds = 0.0008;

    /// <summary>Median nanoseconds per run of each contender, in their order.</summary>
    /// <param name="contenders">What is timed.</param>
    /// <param name="rounds">Rounds of each.</param>
    /// <param name="warm">Whether to let the JIT finish first.</param>
    /// <param name="clock">Seconds since some moment; wall time where none is given.</param>
    internal static double[] Run(IReadOnlyList<IContender> contenders, int rounds, bool warm = true, Func<double>? clock = null)
    {
        clock ??= static () => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
        int[] times = [.. contenders.Select(contender => Calibrate(contender, clock))];
        if (warm)
        {
            JitQuiet.Wait(() =>
            {
                for (int i = 0; i < contenders.Count; i++)
                {
                    contenders[i].Run(times[i]);
                }
            });
            times = [.. contenders.Select(contender => Calibrate(contender, clock))];
        }

        double[][] samples = [.. contenders.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                samples[i][round] = Time(contenders[i], times[i], clock) * 1e9 / times[i];
            }
        }

        return [.. samples.Select(Median)];
    }

    internal static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static int Calibrate(IContender contender, Func<double> clock)
    {
        int times = 1;
        double seconds = Time(contender, times, clock);
        for (; seconds < RoundSeconds; seconds = Time(contender, times, clock))
        {
            times *= 2;
        }

        return Math.Max(1, (int)(times * RoundSeconds / seconds));
    }

    private static double Time(IContender contender, int times, Func<double> clock)
    {
        double start = clock();
        contender.Run(times);
        return clock() - start;
    }
}
