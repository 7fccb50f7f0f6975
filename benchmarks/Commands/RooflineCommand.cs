using System.Globalization;
using System.Runtime.InteropServices;
using EdgeInference.Benchmarks.Cases;
using EdgeInference.Benchmarks.Contenders;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Benchmarks.Commands;

/// <summary>
/// One inference of single layers against this machine's limit: weight bytes over measured bandwidth from a buffer of
/// that size, or multiply-accumulates over measured peak, whichever takes longer. Draws them where asked.
/// </summary>
internal static unsafe class RooflineCommand
{
    private static readonly (int Depth, int Units)[] layers = [(128, 128), (640, 128), (128, 640), (256, 256), (784, 128), (512, 512), (1024, 1024)];

    internal static void Run(int rounds, string? svg)
    {
        var points = new List<RooflinePoint>();
        Console.WriteLine("| layer | precision | ns | limit, ns | times the limit |");
        Console.WriteLine("|---|---|--:|--:|--:|");
        foreach ((int depth, int units) in layers)
        {
            Graph graph = Mlp.Create("layer", depth, units);
            float[] input = new float[depth];
            Array.Fill(input, 0.5f);
            Measure(points, "float32", ModelWriter.Write(graph), input, units, sizeof(float), MachineLimits.Float32MultiplyAccumulates, rounds);
            if (MachineLimits.Int8MultiplyAccumulates() > 0)
            {
                Measure(points, "int8", ModelWriter.Write(Int8Layer(graph, input)), input, units, 1, MachineLimits.Int8MultiplyAccumulates, rounds);
            }
        }

        if (svg is not null)
        {
            File.WriteAllText(svg, RooflineDrawing.Draw(points));
        }
    }

    // The layer alone, from int8 to int8.
    private static Graph Int8Layer(Graph graph, float[] input)
    {
        Graph quantized = Quantizer.Quantize(graph, [input, new float[input.Length]], Precision.Int8);
        quantized.Nodes.RemoveAll(node => node.Opcode != Opcode.Dense);
        quantized.Inputs[0] = quantized.Nodes[0].Input(0);
        quantized.Outputs[0] = quantized.Nodes[0].Output;
        return quantized;
    }

    private static void Measure(List<RooflinePoint> points, string precision, byte[] file, float[] input, int units, int weightBytes, Func<double> peak, int rounds)
    {
        int bytes = input.Length * units * weightBytes;
        double work = (double)input.Length * units;
        byte* buffer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        NativeMemory.Clear(buffer, (nuint)bytes);
        using var contender = new InPlaceContender(precision, file);
        double[] limits = new double[rounds];
        double[] times = new double[rounds];
        for (int round = -5; round < rounds; round++)
        {
            int slot = Math.Max(round, 0);
            limits[slot] = 1e9 * Math.Max(bytes / MachineLimits.ReadBytes(buffer, bytes), work / peak());
            times[slot] = Comparison.Run([contender], 1, round < 0)[0];
        }

        NativeMemory.AlignedFree(buffer);
        double[] ratios = [.. times.Zip(limits, (time, limit) => time / limit)];
        double ns = Comparison.Median(times);
        double least = Comparison.Median(limits);
        string name = $"{input.Length}×{units}";
        points.Add(new RooflinePoint(name, precision, bytes, ns, least));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {precision} | {ns:F0} | {least:F0} | {Comparison.Median(ratios):F2} |"));
    }
}
