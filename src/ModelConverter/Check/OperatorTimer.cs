using System.Diagnostics;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.ModelConverter.Check;

/// <summary>How long each operator of a model takes on this machine, in nanoseconds: medians over rounds, one thread.</summary>
internal static class OperatorTimer
{
    private const int Rounds = 9;
    private const int FewRounds = 3;
    private const double SlowSeconds = 0.01;
    private const int WarmUpRuns = 64;
    private const double WarmUpSeconds = 0.01;
    private const double RoundSeconds = 0.001;

    /// <summary>Measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="row">An input.</param>
    /// <param name="kernels">The kernels to run with.</param>
    /// <param name="warmUp">Runs what it is given until the runtime's compiler has finished.</param>
    /// <returns>A time for each operator in the file's order; 0 for one without work at run time.</returns>
    internal static double[] Nanoseconds(EdgeModel model, float[] row, KernelSet kernels, Action<Action> warmUp)
    {
        using var run = new OperatorRun(model, kernels);
        BoundKernel[] bound = run.Kernels;
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

        return times;
    }

    // Each round begins with a fresh pass, so that an operator that works in place does not run on its own results for long.
    private static double Time(BoundKernel[] kernels, int index, Action fill)
    {
        int count = 1;
        double seconds;
        while ((seconds = Round(kernels, index, fill, count)) < RoundSeconds)
        {
            count = Math.Max(count * 2, (int)(count * RoundSeconds / Math.Max(seconds, 1e-9) / 2));
        }

        // What takes so long that its first run fills a round varies less from one to the next.
        int rounds = seconds > SlowSeconds ? FewRounds : Rounds;
        var times = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            times[round] = Round(kernels, index, fill, count) * 1e9 / count;
        }

        Array.Sort(times);
        return times[rounds / 2];
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
