using System.Diagnostics;
using EdgeInference.Benchmarks.Cases;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;

namespace EdgeInference.Benchmarks.Commands;

/// <summary>RunBatch on one square layer, as a share of the machine's peak, on one thread and on two.</summary>
internal static class BatchCommand
{
    // A round takes some ten milliseconds: long against waking a second thread, short enough that few rounds lose the processor.
    private const int RoundWork = 1 << 30;

    /// <summary>Prints the table. The last column says what two threads can gain at most: processors of a virtual machine may share one core.</summary>
    internal static void Run(int rounds)
    {
        Console.WriteLine("| layer | rows | billion multiply-accumulates a second | share of peak | two threads | the peak loop on two threads |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        foreach (int width in new[] { 128, 256, 512, 1024 })
        {
            int rows = Math.Clamp(RoundWork / (width * width), 1024, 16384);
            byte[] file = ModelWriter.Write(Mlp.Create("square", width, width));
            using EdgeModel model = EdgeModel.Load(file);
            using Session first = model.CreateSession();
            using Session second = model.CreateSession();
            float[] inputs = new float[rows * width];
            float[] outputs = new float[rows * width];
            Array.Fill(inputs, 0.5f);
            double[] peak = new double[rounds];
            double[] bothPeaks = new double[rounds];
            double[] one = new double[rounds];
            double[] two = new double[rounds];
            double work = (double)rows * width * width;
            for (int round = -10; round < rounds; round++)
            {
                int slot = Math.Max(round, 0);
                peak[slot] = MachineLimits.Float32MultiplyAccumulates();
                bothPeaks[slot] = 2 / Seconds(() => Parallel.Invoke(Peaks, Peaks)) / (1 / Seconds(Peaks));
                one[slot] = work / Seconds(() => first.RunBatch(inputs, outputs, rows));
                two[slot] = work / Seconds(() => Parallel.Invoke(
                    () => first.RunBatch(inputs.AsSpan(0, inputs.Length / 2), outputs.AsSpan(0, outputs.Length / 2), rows / 2),
                    () => second.RunBatch(inputs.AsSpan(inputs.Length / 2), outputs.AsSpan(outputs.Length / 2), rows / 2)));
            }

            double[] shares = [.. one.Zip(peak, (speed, limit) => speed / limit)];
            double[] scaling = [.. two.Zip(one, (both, single) => both / single)];
            Console.WriteLine($"| {width}×{width} | {rows} | {Comparison.Median(one) / 1e9:F0} | {Comparison.Median(shares):P0} | {Comparison.Median(scaling):F2} times | {Comparison.Median(bothPeaks):F2} times |");
        }
    }

    // As long as a round of the engine.
    private static void Peaks()
    {
        for (int i = 0; i < 256; i++)
        {
            MachineLimits.Float32MultiplyAccumulates();
        }
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
