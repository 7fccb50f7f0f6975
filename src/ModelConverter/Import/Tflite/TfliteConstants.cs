using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>Turns the constant tensors of a file into values of a graph, each once and only when an operator asks for it.</summary>
internal sealed class TfliteConstants(TfliteFile file)
{
    // A file may name one buffer in many tensors; what they unpack to together stays in proportion to the file.
    private const long Allowance = 64 << 20;

    private long unpacked;

    /// <summary>The elements of a constant tensor as they are in the file; float16 becomes float32, int4 int8, and uint8 int8 by 128 less, without loss.</summary>
    internal Value Read(TfliteTensor tensor)
    {
        Take(tensor, tensor.Type is TfliteType.Float16 ? 4 : tensor.Type is TfliteType.Int64 ? 8 : 4);
        ReadOnlySpan<byte> data = file.Data(tensor);
        (TensorType type, Array elements) = tensor.Type switch
        {
            TfliteType.Float32 => (TensorType.Float32, (Array)Copy<float>(tensor, data)),
            TfliteType.Float16 => (TensorType.Float32, Array.ConvertAll(Copy<Half>(tensor, data), half => (float)half)),
            TfliteType.Int8 => (TensorType.Int8, Copy<sbyte>(tensor, data)),
            TfliteType.Int4 => (TensorType.Int8, Nibbles(tensor, data)),
            TfliteType.UInt8 => (TensorType.Int8, Array.ConvertAll(Copy<byte>(tensor, data), value => (sbyte)(value - 128))),
            TfliteType.Int16 => (TensorType.Int16, Copy<short>(tensor, data)),
            TfliteType.Int32 => (TensorType.Int32, Copy<int>(tensor, data)),
            TfliteType.Int64 => (TensorType.Int64, Copy<long>(tensor, data)),
            _ => throw new UnsupportedOperatorException($"constant {tensor} has a type that is not imported"),
        };
        return new Value(tensor.Name, type, tensor.Shape) { Data = elements, Quantization = type == TensorType.Float32 ? null : QuantizationOf(tensor) };
    }

    /// <summary>An integer constant as the real numbers that it stands for: scale · (q − zero point), in float32.</summary>
    internal Value Dequantize(TfliteTensor tensor)
    {
        Value constant = Read(tensor);
        if (constant.Type == TensorType.Float32)
        {
            return constant;
        }

        if (constant.Type is not (TensorType.Int8 or TensorType.Int16) || tensor.Scales.Length == 0)
        {
            throw new UnsupportedOperatorException($"constant {tensor} has no scale");
        }

        Take(tensor, 4);
        int channels = tensor.Scales.Length;
        long inner = 1;
        for (int axis = tensor.Axis + 1; axis < tensor.Shape.Length; axis++)
        {
            inner *= tensor.Shape[axis];
        }

        var elements = new float[constant.Elements];
        for (int i = 0; i < elements.Length; i++)
        {
            int channel = channels == 1 ? 0 : (int)(i / inner % channels);
            int zeroPoint = tensor.ZeroPoints.Length == 0 ? 0 : (int)tensor.ZeroPoints[channel];
            int q = constant.Data is sbyte[] bytes ? bytes[i] : ((short[])constant.Data!)[i];
            elements[i] = tensor.Scales[channel] * (q - zeroPoint);
        }

        return Value.Constant(tensor.Name, elements, tensor.Shape);
    }

    /// <summary>Whether a quantized tensor has several zero points that are not all 0.</summary>
    internal static bool HasZeroPoints(TfliteTensor tensor) => tensor.Scales.Length > 1 && Array.Exists(tensor.ZeroPoints, zeroPoint => zeroPoint != 0);

    /// <summary>Scale and zero point of a tensor, or null if it has none or its type takes none.</summary>
    internal Quantization? QuantizationOf(TfliteTensor tensor)
    {
        int limit = tensor.Type switch
        {
            TfliteType.Int8 or TfliteType.Int4 or TfliteType.UInt8 => 128,
            TfliteType.Int16 => 32768,
            _ => 0,
        };
        if (tensor.Scales.Length == 0 || limit == 0)
        {
            return null;
        }

        int channels = tensor.Scales.Length;
        bool fits = (tensor.ZeroPoints.Length == 0 || tensor.ZeroPoints.Length == channels)
            && Array.TrueForAll(tensor.ZeroPoints, zeroPoint => zeroPoint >= -limit && zeroPoint < limit)
            && Array.TrueForAll(tensor.Scales, scale => scale > 0)
            && (channels == 1 || (tensor.Axis >= 0 && tensor.Axis < tensor.Shape.Length && tensor.Shape[tensor.Axis] == channels));
        if (!fits)
        {
            throw file.File.Wrong($"has tensor {tensor} with scales or zero points that do not fit it");
        }

        int first = tensor.ZeroPoints.Length == 0 ? 0 : (int)tensor.ZeroPoints[0];
        if (channels == 1)
        {
            return new Quantization(tensor.Scales[0], first);
        }

        return !HasZeroPoints(tensor)
            ? new Quantization(tensor.Scales[0], 0, tensor.Scales, tensor.Axis)
            : throw new UnsupportedOperatorException($"tensor {tensor} has a zero point for each channel");
    }

    private static sbyte[] Nibbles(TfliteTensor tensor, ReadOnlySpan<byte> data)
    {
        if (data.Length != (tensor.Elements + 1) / 2)
        {
            throw WrongLength(tensor, data.Length);
        }

        var elements = new sbyte[tensor.Elements];
        for (int i = 0; i < elements.Length; i++)
        {
            int nibble = data[i / 2] >> (i % 2 * 4);
            elements[i] = (sbyte)((sbyte)(nibble << 4) >> 4);
        }

        return elements;
    }

    private static T[] Copy<T>(TfliteTensor tensor, ReadOnlySpan<byte> data)
        where T : unmanaged
    {
        // Before anything is allocated: the shape may declare more than there is memory.
        return (long)tensor.Elements * Unsafe.SizeOf<T>() == data.Length
            ? MemoryMarshal.Cast<byte, T>(data).ToArray()
            : throw WrongLength(tensor, data.Length);
    }

    private static UnsupportedOperatorException WrongLength(TfliteTensor tensor, int bytes) =>
        new($"constant {tensor} has {bytes} bytes, which is not what its type and shape need");

    private void Take(TfliteTensor tensor, int bytes)
    {
        unpacked += (long)tensor.Elements * bytes;
        if (unpacked > (2L * file.File.Length) + Allowance)
        {
            throw file.File.Wrong($"unpacks to far more constants than its {file.File.Length} bytes at tensor {tensor}");
        }
    }
}
