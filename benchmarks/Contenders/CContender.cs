using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeInference.Benchmarks.Models;
using EdgeInference.Benchmarks.Sources;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>The same model as straightforward C: constant arrays, one loop nest a layer, compiled with gcc -O3 -march=native.</summary>
internal sealed unsafe class CContender : ModelContender
{
    // gcc 12 unrolls a loop over 16 channels before it looks for vectors, and then finds worse ones: ResNet8 takes four times as long.
    private static readonly string[] keptLoops = ["--param", "max-completely-peel-times=4"];

    private readonly nint library;
    private readonly delegate* unmanaged<float*, float*, nint, nint, nint, void> run;

    private CContender(nint library, RowSet rows, int outputs)
        : base(Engine.C, rows, outputs)
    {
        this.library = library;
        run = (delegate* unmanaged<float*, float*, nint, nint, nint, void>)NativeLibrary.GetExport(library, "run");
    }

    /// <exception cref="PeerException">There is no gcc, it refuses, or the graph has an operator without loops.</exception>
    internal static CContender Create(Graph graph, RowSet rows, int batch, bool hasFastMath)
    {
        string source = LoopSource.Write(graph, batch, new CLanguage());
        string folder = Directory.CreateTempSubdirectory("edge-c-").FullName;
        try
        {
            string file = Path.Combine(folder, "model.c");
            string binary = Path.Combine(folder, "model.so");
            File.WriteAllText(file, source);
            string[] more = hasFastMath ? ["-ffast-math"] : graph.Nodes.Any(node => node.Opcode == Opcode.Conv) ? [.. keptLoops] : [];
            using Process gcc = Process.Start("gcc", ["-O3", "-march=native", .. more, "-shared", "-fPIC", "-o", binary, file, "-lm"]);
            gcc.WaitForExit();
            return gcc.ExitCode == 0
                ? new CContender(NativeLibrary.Load(binary), rows, graph.Outputs[0].Elements * batch)
                : throw new PeerException("gcc does not compile it");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new PeerException("there is no gcc");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public override void Run(int times)
    {
        fixed (float* x = Rows.Values, y = Output)
        {
            run(x, y, Rows.Count, Take(times), times);
        }
    }

    public override void Dispose() => NativeLibrary.Free(library);
}
