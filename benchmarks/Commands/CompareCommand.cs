using EdgeInference.Benchmarks.Cases;
using EdgeInference.Benchmarks.Contenders;

namespace EdgeInference.Benchmarks.Commands;

/// <summary>Our engine beside ONNX Runtime and C, one inference at a time, as a table of ratios.</summary>
internal static class CompareCommand
{
    internal static void Run(int rounds)
    {
        Console.WriteLine("| model | ONNX Runtime float32, ns | ours float32, ns | times faster (bar) | ours int8, ns | times faster (bar) | C, ns | ours float32 against C |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (BenchmarkCase benchmark in BenchmarkCases.All())
        {
            var contenders = new List<IContender>
            {
                new OnnxContender(benchmark.Onnx, benchmark.Input, benchmark.Graph.Outputs[0].Elements, output: benchmark.Graph.Outputs[0].Name),
                new EdgeContender("float32", benchmark.Float32, benchmark.Input),
            };
            int int8 = Add(contenders, benchmark.Int8 is null ? null : new EdgeContender("int8", benchmark.Int8, benchmark.Input));
            int c = Add(contenders, CContender.TryCreate(benchmark.Graph, benchmark.Input));
            double[] medians = Comparison.Run(contenders, rounds);
            CheckSame(benchmark.Name, contenders);
            string int8Cells = int8 < 0 ? "| |" : $"{medians[int8]:F0} | {Against(medians[0] / medians[int8], benchmark.Int8Bar)} |";
            string cCells = c < 0 ? "| |" : $"{medians[c]:F0} | {medians[c] / medians[1]:F2} |";
            Console.WriteLine($"| {benchmark.Name} | {medians[0]:F0} | {medians[1]:F0} | {Against(medians[0] / medians[1], benchmark.Float32Bar)} | {int8Cells} {cCells}");
            contenders.ForEach(contender => contender.Dispose());
        }
    }

    private static int Add(List<IContender> contenders, IContender? contender)
    {
        if (contender is null)
        {
            return -1;
        }

        contenders.Add(contender);
        return contenders.Count - 1;
    }

    private static string Against(double ratio, double bar) => bar == 0 ? $"{ratio:F1}" : $"{ratio:F1} ({bar:G3}{(ratio >= bar ? "" : ", missed")})";

    // A ratio between engines that compute different things would mean nothing.
    private static void CheckSame(string name, List<IContender> contenders)
    {
        float[] expected = contenders[0].Output;
        float largest = expected.Max(MathF.Abs);
        foreach (IContender contender in contenders.Skip(1))
        {
            float tolerance = largest * (contender.Name == "int8" ? 0.25f : 1e-4f);
            float worst = expected.Zip(contender.Output, (a, b) => MathF.Abs(a - b)).Max();
            if (!(worst <= tolerance))
            {
                throw new InvalidOperationException($"{name}: {contender.Name} differs from ONNX Runtime by {worst} where the largest output is {largest}.");
            }
        }
    }
}
