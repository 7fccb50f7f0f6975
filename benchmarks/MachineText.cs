using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Benchmarks;

/// <summary>What a table was measured on, in one line.</summary>
internal static class MachineText
{
    internal static string Line()
    {
        string vectors = Vector512.IsHardwareAccelerated ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "128-bit vectors";
        string products = AvxVnni.IsSupported ? "with AVX-VNNI" : "without AVX-VNNI";
        string onnx = typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version!.ToString(3);
        return string.Create(CultureInfo.InvariantCulture, $"{Processor()}, {vectors} {products}, {Environment.ProcessorCount} processors, load average {Load()}; {RuntimeInformation.FrameworkDescription}, ONNX Runtime {onnx}; one thread, {ThreadClock.Name}.");
    }

    private static string Processor() =>
        Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string Load() => Lines("/proc/loadavg").FirstOrDefault()?.Split(' ')[0] ?? "not known";

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];
}
