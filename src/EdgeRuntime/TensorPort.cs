using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime;

/// <summary>Moves float32 values into an input tensor or out of an output tensor, by the tensor's scale where it is quantized.</summary>
internal readonly unsafe struct TensorPort
{
    private readonly byte* data;
    private readonly TensorType type;
    private readonly float scale;
    private readonly int zeroPoint;

    internal TensorPort(TensorInfo tensor, byte* data)
    {
        this.data = data;
        type = tensor.Type;
        scale = tensor.IsQuantized ? tensor.Scale : 1f;
        zeroPoint = tensor.IsQuantized ? tensor.ZeroPoint : 0;
        Elements = tensor.Elements;
    }

    internal int Elements { get; }

    /// <summary>Writes one inference's elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(float* source)
    {
        if (type == TensorType.Float32)
        {
            FloatCopy.Run(source, (float*)data, Elements);
        }
        else
        {
            Write(source, Elements);
        }
    }

    /// <summary>Writes the elements of as many inferences as <paramref name="count"/> is of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Write(float* source, int count)
    {
        switch (type)
        {
            case TensorType.Float32:
                Buffer.MemoryCopy(source, data, count * 4L, count * 4L);
                break;
            case TensorType.Int8:
                QuantizeKernel.ToInt8(source, (sbyte*)data, count, scale, zeroPoint);
                break;
            case TensorType.Int16:
                QuantizeKernel.ToInt16(source, (short*)data, count, scale, zeroPoint);
                break;
            default:
                for (int i = 0; i < count; i++)
                {
                    if (type == TensorType.Int32)
                    {
                        ((int*)data)[i] = (int)source[i];
                    }
                    else
                    {
                        ((long*)data)[i] = (long)source[i];
                    }
                }

                break;
        }
    }

    /// <summary>Reads one inference's elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Read(float* destination)
    {
        if (type == TensorType.Float32)
        {
            FloatCopy.Run((float*)data, destination, Elements);
        }
        else
        {
            Read(destination, Elements);
        }
    }

    /// <summary>Reads the elements of as many inferences as <paramref name="count"/> is of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Read(float* destination, int count)
    {
        switch (type)
        {
            case TensorType.Float32:
                Buffer.MemoryCopy(data, destination, count * 4L, count * 4L);
                break;
            case TensorType.Int8:
                Kernels.Quantized.Elementwise.DequantizeKernel.Run((sbyte*)data, destination, count, scale, zeroPoint);
                break;
            case TensorType.Int16:
                Kernels.Quantized.Elementwise.DequantizeKernel.Run((short*)data, destination, count, scale, zeroPoint);
                break;
            default:
                for (int i = 0; i < count; i++)
                {
                    destination[i] = type == TensorType.Int32 ? ((int*)data)[i] : ((long*)data)[i];
                }

                break;
        }
    }
}
