using System.Diagnostics;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.ModelConverter.Check;

/// <summary>How long each operator of a model takes on this machine, in nanoseconds: medians over rounds, one thread.</summary>
internal static class OperatorTimer
{
    private const int Rounds = 9;
    private const int FewRounds = 3;
    private const int WarmUpRuns = 64;
    private const double WarmUpSeconds = 0.01;
    private const double RoundSeconds = 0.001;
    // A pass over the operators that takes so long is far above the timer's step and what the caches keep from one to the next.
    private const double SlowPassSeconds = 0.005;
    private const double PassSeconds = 0.1;
    // The runtime compiles hot methods again in the background, some 100 ms after they became hot.
    private const double WarmPassSeconds = 0.15;

    /// <summary>Measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="row">An input.</param>
    /// <param name="kernels">The kernels to run with.</param>
    /// <param name="warmUp">Runs what it is given until the runtime's compiler has finished.</param>
    /// <returns>A time for each operator in the file's order; 0 for one without work at run time.</returns>
    internal static OperatorTiming Measure(EdgeModel model, float[] row, KernelSet kernels, Action<Action> warmUp)
    {
        using var run = new OperatorRun(model, kernels);
        BoundKernel[] bound = run.Kernels;
        // The first pass also compiles and brings the weights into memory.
        Pass(run, row, null);
        if (Pass(run, row, null) >= SlowPassSeconds * 1e9 && WarmPass(run, row) >= SlowPassSeconds * 1e9)
        {
            return Passes(run, row);
        }

        void Fill() => run.Fill(row);
        warmUp(() =>
        {
            for (int i = 0; i < bound.Length; i++)
            {
                if (!bound[i].IsNoOp)
                {
                    double once = Round(bound, i, Fill, 1);
                    Round(bound, i, Fill, (int)Math.Clamp(WarmUpSeconds / Math.Max(once, 1e-9), 1, WarmUpRuns));
                }
            }
        });
        var times = new double[bound.Length];
        for (int i = 0; i < bound.Length; i++)
        {
            times[i] = bound[i].IsNoOp ? 0 : Time(bound, i, Fill);
        }

        return new OperatorTiming(times, Rounds, null);
    }

    // The last of as many passes as a compiler needs that is not busy.
    private static double WarmPass(OperatorRun run, float[] row)
    {
        long start = Stopwatch.GetTimestamp();
        double last;
        do
        {
            last = Pass(run, row, null);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmPassSeconds);
        return last;
    }

    // Where a pass is slow, each gives a time of every operator and of the whole.
    private static OperatorTiming Passes(OperatorRun run, float[] row)
    {
        var passes = new List<double[]>();
        var wholes = new List<double>();
        long start = Stopwatch.GetTimestamp();
        while (wholes.Count < FewRounds || (wholes.Count < Rounds && Stopwatch.GetElapsedTime(start).TotalSeconds < PassSeconds))
        {
            var times = new double[run.Kernels.Length];
            wholes.Add(Pass(run, row, times));
            passes.Add(times);
        }

        return new OperatorTiming([.. Enumerable.Range(0, run.Kernels.Length).Select(i => MeasuredTime.Of([.. passes.Select(times => times[i])]).Nanoseconds)], wholes.Count, MeasuredTime.Of([.. wholes]));
    }

    // One inference, in nanoseconds, and the time of each of its operators.
    private static double Pass(OperatorRun run, float[] row, double[]? times)
    {
        long start = Stopwatch.GetTimestamp();
        run.Fill(row);
        for (int i = 0; i < run.Kernels.Length; i++)
        {
            long before = Stopwatch.GetTimestamp();
            run.Run(i);
            if (times is not null && run.HasKernel(i))
            {
                times[i] = Stopwatch.GetElapsedTime(before).TotalNanoseconds;
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    // Each round begins with a fresh pass, so that an operator that works in place does not run on its own results for long.
    private static double Time(BoundKernel[] kernels, int index, Action fill)
    {
        int count = 1;
        for (double seconds; (seconds = Round(kernels, index, fill, count)) < RoundSeconds;)
        {
            count = Math.Max(count * 2, (int)(count * RoundSeconds / Math.Max(seconds, 1e-9) / 2));
        }

        var times = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            times[round] = Round(kernels, index, fill, count) * 1e9 / count;
        }

        return MeasuredTime.Of(times).Nanoseconds;
    }

    private static double Round(BoundKernel[] kernels, int index, Action fill, int count)
    {
        fill();
        foreach (BoundKernel kernel in kernels.AsSpan(0, index))
        {
            if (!kernel.IsNoOp)
            {
                kernel.Run();
            }
        }

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            kernels[index].Run();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
