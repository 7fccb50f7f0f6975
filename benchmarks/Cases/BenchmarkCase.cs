using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>One model for all engines.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Float32">Our float32 file.</param>
/// <param name="Int8">Our int8 file, or null where the model cannot be quantized yet.</param>
/// <param name="Onnx">The same float32 model for ONNX Runtime.</param>
/// <param name="Graph">The float32 graph that was exported.</param>
/// <param name="Input">One input.</param>
internal sealed record BenchmarkCase(string Name, byte[] Float32, byte[]? Int8, byte[] Onnx, Graph Graph, float[] Input)
{
    /// <summary>How many times faster than ONNX Runtime float32 our float32 has to be; 0 where nothing is asked.</summary>
    internal double Float32Bar { get; init; }

    /// <summary>How many times faster than ONNX Runtime float32 our int8 has to be; 0 where nothing is asked.</summary>
    internal double Int8Bar { get; init; }
}
