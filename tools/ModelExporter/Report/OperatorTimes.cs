using System.Diagnostics;
using EdgeRuntime;
using EdgeRuntime.Kernels;
using ModelExporter.Commands;
using ModelFormat;

namespace ModelExporter.Report;

/// <summary>How long each operator takes on this machine, in nanoseconds: medians over rounds, one thread.</summary>
/// <param name="Fast">By the best kernels of this processor; 0 for an operator without work.</param>
/// <param name="Reference">By the scalar kernels.</param>
/// <param name="WholeFast">One inference as a caller sees it, in nanoseconds.</param>
internal sealed record OperatorTimes(double[] Fast, double[] Reference, double WholeFast)
{
    private const int Rounds = 9;
    private const int WarmUpRuns = 64;
    private const double RoundSeconds = 0.001;

    /// <summary>Measures on rows of the data.</summary>
    internal static OperatorTimes Measure(EdgeModel model, IReadOnlyList<float[]> rows)
    {
        (double[] fast, double[] reference) = OfOperators(model, rows);
        return new OperatorTimes(fast, reference, 1000 * Latency.Microseconds(model, rows));
    }

    /// <summary>The operators alone, by fast kernels and by scalar ones.</summary>
    internal static (double[] Fast, double[] Reference) OfOperators(EdgeModel model, IReadOnlyList<float[]> rows) =>
        (Operators(model, rows[0], KernelSet.Fast), Operators(model, rows[0], KernelSet.Reference));

    private static double[] Operators(EdgeModel model, float[] row, KernelSet kernels)
    {
        using var memory = new SessionMemory(model.File.ArenaBytes);
        BoundKernel[] bound = [.. model.File.Operators.Select(record => KernelTable.Find(record.Info.Opcode, record.Inputs[0].Type)!(new BindContext(model, memory, record, kernels)))];
        WarmUp.Run(() =>
        {
            for (int i = 0; i < bound.Length; i++)
            {
                if (!bound[i].IsNothing)
                {
                    Round(bound, i, () => Fill(model, memory, row), WarmUpRuns);
                }
            }
        });
        var times = new double[bound.Length];
        for (int i = 0; i < bound.Length; i++)
        {
            times[i] = bound[i].IsNothing ? 0 : Time(bound, i, () => Fill(model, memory, row));
        }

        return times;
    }

    // Each round begins with a fresh pass, so that an operator that works in place does not run on its own results for long.
    private static double Time(BoundKernel[] kernels, int index, Action fill)
    {
        int count = 16;
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
            if (!kernel.IsNothing)
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
            foreach (TensorRecord input in model.File.Inputs)
            {
                new TensorPort(input, memory.Arena + input.Offset).Write(from);
                from += input.Elements;
            }
        }
    }
}
