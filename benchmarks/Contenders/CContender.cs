using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>
/// The same network as straightforward C: constant arrays, one loop nest a layer, compiled with gcc -O3 -march=native.
/// The loop over outputs is inside, because gcc vectorises that without permission to reorder sums; the loop over
/// repetitions is in C too, so that no call from .NET is counted.
/// </summary>
internal sealed unsafe class CContender : IContender
{
    private readonly nint library;
    private readonly delegate* unmanaged<float*, float*, long, void> run;
    private readonly float[] input;

    private CContender(nint library, float[] input, int outputs)
    {
        this.library = library;
        this.input = input;
        run = (delegate* unmanaged<float*, float*, long, void>)NativeLibrary.GetExport(library, "run");
        Output = new float[outputs];
    }

    public string Name => "C, gcc -O3 -march=native";

    public float[] Output { get; }

    /// <summary>The contender, or null where there is no gcc or the graph is more than Dense, activations and a softmax.</summary>
    internal static CContender? TryCreate(Graph graph, float[] input)
    {
        string? source = Source(graph);
        if (source is null)
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("edge-c-").FullName;
        try
        {
            string file = Path.Combine(folder, "model.c");
            string binary = Path.Combine(folder, "model.so");
            File.WriteAllText(file, source);
            using Process gcc = Process.Start("gcc", ["-O3", "-march=native", "-shared", "-fPIC", "-o", binary, file, "-lm"]);
            gcc.WaitForExit();
            return gcc.ExitCode == 0 ? new CContender(NativeLibrary.Load(binary), input, graph.Outputs[0].Elements) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine("C is left out: there is no gcc.");
            return null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Run(int times)
    {
        fixed (float* x = input, y = Output)
        {
            run(x, y, times);
        }
    }

    public void Dispose() => NativeLibrary.Free(library);

    private static string? Source(Graph graph)
    {
        var constants = new StringBuilder("#include <math.h>\n");
        var body = new StringBuilder();
        string value = "x";
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Node node = graph.Nodes[i];
            int units = node.Output.Elements;
            body.Append(CultureInfo.InvariantCulture, $"  float y{i}[{units}];\n");
            switch (node.Opcode)
            {
                case Opcode.Dense when node.InputOrNull(2) is { } bias && Activation(node) is { } activation:
                    int depth = node.Input(1).Shape[1];
                    Transposed(constants, $"w{i}", node.Input(1).Floats, units, depth);
                    Transposed(constants, $"b{i}", bias.Floats, units, 1);
                    body.Append(CultureInfo.InvariantCulture, $"  for (int u = 0; u < {units}; u++) y{i}[u] = b{i}[u];\n");
                    body.Append(CultureInfo.InvariantCulture, $"  for (int d = 0; d < {depth}; d++) for (int u = 0; u < {units}; u++) y{i}[u] += {value}[d] * w{i}[d * {units} + u];\n");
                    body.Append(CultureInfo.InvariantCulture, $"  for (int u = 0; u < {units}; u++) {{ float v = y{i}[u]; y{i}[u] = {activation}; }}\n");
                    break;
                case Opcode.Softmax:
                    body.Append(CultureInfo.InvariantCulture, $"  float m{i} = {value}[0], s{i} = 0;\n");
                    body.Append(CultureInfo.InvariantCulture, $"  for (int u = 1; u < {units}; u++) if ({value}[u] > m{i}) m{i} = {value}[u];\n");
                    body.Append(CultureInfo.InvariantCulture, $"  for (int u = 0; u < {units}; u++) {{ y{i}[u] = expf({value}[u] - m{i}); s{i} += y{i}[u]; }}\n");
                    body.Append(CultureInfo.InvariantCulture, $"  for (int u = 0; u < {units}; u++) y{i}[u] /= s{i};\n");
                    break;
                default:
                    return null;
            }

            value = $"y{i}";
        }

        int outputs = graph.Outputs[0].Elements;
        return $$"""
            {{constants}}
            static void infer(const float* restrict x, float* restrict y) {
            {{body}}  for (int u = 0; u < {{outputs}}; u++) y[u] = {{value}}[u];
            }
            void run(const float* x, float* y, long times) {
              for (long i = 0; i < times; i++) { infer(x, y); __asm__ volatile("" : : "r"(x), "r"(y) : "memory"); }
            }
            """;
    }

    private static string? Activation(Node node) => (ActivationKind)node.Parameters[DenseRule.Activation] switch
    {
        ActivationKind.Linear => "v",
        ActivationKind.ReLU => "v < 0 ? 0 : v",
        ActivationKind.LeakyReLU => string.Create(CultureInfo.InvariantCulture, $"v < 0 ? {node.Float(DenseRule.Alpha):R}f * v : v"),
        ActivationKind.Tanh => "tanhf(v)",
        ActivationKind.Sigmoid => "1 / (1 + expf(-v))",
        _ => null,
    };

    private static void Transposed(StringBuilder text, string name, float[] data, int rows, int columns)
    {
        text.Append(CultureInfo.InvariantCulture, $"static const float {name}[] __attribute__((aligned(64))) = {{");
        for (int column = 0; column < columns; column++)
        {
            for (int row = 0; row < rows; row++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(double)data[(row * columns) + column]:E9},");
            }
        }

        text.Append("};\n");
    }
}
