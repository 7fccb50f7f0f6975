using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Reference;

/// <summary>A tensor of a row: real numbers of float32, codes of the integer types, all of which a double holds exactly.</summary>
internal sealed class Values(TensorType type, int[] shape, double[] data, bool isConstant = false, TensorQuantization? quantization = null)
{
    internal TensorType Type { get; } = type;

    internal int[] Shape { get; } = shape;

    internal double[] Data { get; } = data;

    internal bool IsConstant { get; } = isConstant;

    internal TensorQuantization? Quantization { get; } = quantization;

    internal int Elements => Grid.Count(Shape);

    internal int ZeroPoint => Quantization?.ZeroPoint ?? 0;

    internal double Scale => Quantization?.Scale ?? 1;

    internal int Last => Shape[^1];

    internal Values With(double[] data) => new(Type, Shape, data, IsConstant, Quantization);

    internal byte[] Bytes() => Type switch
    {
        TensorType.Float32 => MemoryMarshal.AsBytes<float>(Array.ConvertAll(Data, value => (float)value)).ToArray(),
        TensorType.Int8 => MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(Data, value => checked((sbyte)value))).ToArray(),
        TensorType.Int16 => MemoryMarshal.AsBytes<short>(Array.ConvertAll(Data, value => checked((short)value))).ToArray(),
        TensorType.Int32 => MemoryMarshal.AsBytes<int>(Array.ConvertAll(Data, value => checked((int)value))).ToArray(),
        _ => MemoryMarshal.AsBytes<long>(Array.ConvertAll(Data, value => checked((long)value))).ToArray(),
    };

    /// <summary>What a program that knows no codes writes and reads: scale · (code − zero point).</summary>
    internal float[] Reals() => Array.ConvertAll(Data, value => Type == TensorType.Float32 ? (float)value : (float)(Scale * (value - ZeroPoint)));

    /// <summary>The codes that such reals stand for.</summary>
    internal double[] Codes(ReadOnlySpan<float> reals)
    {
        double[] codes = new double[reals.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = Type == TensorType.Float32 ? reals[i] : Math.Round(reals[i] / Scale) + ZeroPoint;
        }

        return codes;
    }
}
