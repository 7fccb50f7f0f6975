using EdgeRuntime.Kernels.Float32;
using ModelFormat;

namespace EdgeRuntime;

/// <summary>Moves float32 values into an input tensor or out of an output tensor, by the tensor's scale where it is quantized.</summary>
internal readonly unsafe struct InterfacePort
{
    private readonly byte* data;
    private readonly TensorType type;
    private readonly float scale;
    private readonly int zeroPoint;

    internal InterfacePort(TensorRecord tensor, byte* data)
    {
        this.data = data;
        type = tensor.Type;
        scale = tensor.IsQuantized ? tensor.Scale : 1f;
        zeroPoint = tensor.IsQuantized ? tensor.ZeroPoint : 0;
        Elements = tensor.Elements;
    }

    internal int Elements { get; }

    internal void Write(float* source)
    {
        switch (type)
        {
            case TensorType.Float32:
                Buffer.MemoryCopy(source, data, Elements * 4L, Elements * 4L);
                break;
            case TensorType.Int8:
                QuantizeKernel.ToInt8(source, (sbyte*)data, Elements, scale, zeroPoint);
                break;
            case TensorType.Int16:
                QuantizeKernel.ToInt16(source, (short*)data, Elements, scale, zeroPoint);
                break;
            default:
                for (int i = 0; i < Elements; i++)
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

    internal void Read(float* destination)
    {
        switch (type)
        {
            case TensorType.Float32:
                Buffer.MemoryCopy(data, destination, Elements * 4L, Elements * 4L);
                break;
            case TensorType.Int8:
                Kernels.Int8.DequantizeKernel.Run((sbyte*)data, destination, Elements, scale, zeroPoint);
                break;
            case TensorType.Int16:
                Kernels.Int16.DequantizeKernel.Run((short*)data, destination, Elements, scale, zeroPoint);
                break;
            default:
                for (int i = 0; i < Elements; i++)
                {
                    destination[i] = type == TensorType.Int32 ? ((int*)data)[i] : ((long*)data)[i];
                }

                break;
        }
    }
}
