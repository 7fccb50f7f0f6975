using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using EdgeInference.ModelConverter.Import.Onnx;

namespace EdgeInference.Benchmarks.Quantized;

/// <summary>Constants of a QDQ model: scales, zero points, and weights in int8 with a scale for each output.</summary>
internal static class QuantizedTensors
{
    // Where products are added in int16 (vpmaddubsw), ONNX Runtime's documents ask for weights of seven bits, which do not saturate.
    private static readonly int largest = AvxVnni.IsSupported ? 127 : 63;

    internal static OnnxTensor Scalar(string name, float value) => Make(name, OnnxElementType.Float32, [value], []);

    internal static OnnxTensor Scalar(string name, byte value) => Make(name, OnnxElementType.UInt8, [value], []);

    internal static OnnxTensor Scales(string name, float[] values) => Make(name, OnnxElementType.Float32, values, [values.Length]);

    internal static OnnxTensor Zeros(string name, int count) => Make(name, OnnxElementType.Int8, new sbyte[count], [count]);

    /// <summary>Weights in int8, and their scales along an axis.</summary>
    internal static (OnnxTensor Tensor, float[] Scales) Weights(string name, OnnxTensor weights, int axis)
    {
        float[] values = weights.ToFloats("model");
        int channels = (int)weights.Dimensions[axis];
        int inner = weights.Dimensions.Skip(axis + 1).Aggregate(1, (product, size) => product * (int)size);
        float[] scales = new float[channels];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i / inner % channels;
            scales[channel] = Math.Max(scales[channel], Math.Abs(values[i]));
        }

        scales = [.. scales.Select(high => high == 0 ? 1 : high / largest)];
        sbyte[] codes = [.. values.Select((value, i) => (sbyte)MathF.Round(value / scales[i / inner % channels]))];
        return (Make(name, OnnxElementType.Int8, codes, [.. weights.Dimensions]), scales);
    }

    /// <summary>A bias in int32, in steps of input scale times weight scale.</summary>
    internal static OnnxTensor Bias(string name, float[] values, float[] scales) =>
        Make(name, OnnxElementType.Int32, (int[])[.. values.Select((value, i) => (int)Math.Clamp(Math.Round((double)value / scales[i]), int.MinValue, int.MaxValue))], [values.Length]);

    internal static OnnxTensor ZeroBias(string name, int count) => Make(name, OnnxElementType.Int32, new int[count], [count]);

    private static OnnxTensor Make<T>(string name, OnnxElementType type, T[] values, long[] shape)
        where T : struct
    {
        var tensor = new OnnxTensor { Name = name, Type = type, Raw = MemoryMarshal.AsBytes(values.AsSpan()).ToArray() };
        tensor.Dimensions.AddRange(shape);
        return tensor;
    }
}
