using System.Runtime.InteropServices;

namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>Outputs that TensorFlow Lite Micro's reference kernels gave, drawn by tests' own models and seeded inputs.</summary>
internal static class ReferenceOutputs
{
    internal static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TestData", "tflite", name));

    internal static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();
}
