using System.Diagnostics;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.ModelConverter.Check;

/// <summary>How long each operator of a model takes on this machine, in nanoseconds: medians over rounds, one thread.</summary>
internal static class OperatorTimer
{
    private const int Rounds = 9;
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
        // In use until the end, even if the model is disposed meanwhile.
        var memory = new SessionMemory(model.Memory, model.File.ArenaBytes);
        try
        {
            return Nanoseconds(model, memory, row, kernels, warmUp);
        }
        finally
        {
            memory.Dispose();
            memory.Leave();
        }
    }

    private static double[] Nanoseconds(EdgeModel model, SessionMemory memory, float[] row, KernelSet kernels, Action<Action> warmUp)
    {
        BoundKernel[] bound = KernelProgram.Bind(model, memory, kernels, int.MaxValue);
        warmUp(() =>
        {
            for (int i = 0; i < bound.Length; i++)
            {
                if (!bound[i].IsNoOp)
                {
                    double once = Round(bound, i, () => Fill(model, memory, row), 1);
                    Round(bound, i, () => Fill(model, memory, row), (int)Math.Clamp(WarmUpSeconds / Math.Max(once, 1e-9), 1, WarmUpRuns));
                }
            }
        });
        var times = new double[bound.Length];
        for (int i = 0; i < bound.Length; i++)
        {
            times[i] = bound[i].IsNoOp ? 0 : Time(bound, i, () => Fill(model, memory, row));
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

        var times = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            times[round] = Round(kernels, index, fill, count) * 1e9 / count;
        }

        Array.Sort(times);
        return times[Rounds / 2];
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

    private static unsafe void Fill(EdgeModel model, SessionMemory memory, float[] row)
    {
        fixed (float* values = row)
        {
            float* from = values;
            foreach (TensorInfo input in model.File.Inputs)
            {
                new TensorPort(input, memory.Arena + input.Offset).Write(from);
                from += input.Elements;
            }
        }
    }
}
