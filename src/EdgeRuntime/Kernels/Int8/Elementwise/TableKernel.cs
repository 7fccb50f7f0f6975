using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels.Int8.Elementwise;

/// <summary>Table: any unary function of an int8 tensor as 256 entries, int8 or int16; entry 0 is for −128. One table for all channels, or one for each.</summary>
internal static unsafe class TableKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        var arguments = new Arguments
        {
            Input = (sbyte*)context.InputData(0),
            Table = context.InputData(1),
            Output = context.OutputData(),
            Elements = context.Elements(0),
            Channels = context.Input(0).LastDimension,
        };
        if (context.Input(1).Elements > 256)
        {
            return context.Output().Type == TensorType.Int8
                ? new BoundKernel(&RunChannelsInt8, context.Keep(arguments))
                : new BoundKernel(&RunChannelsInt16, context.Keep(arguments));
        }

        return context.Output().Type == TensorType.Int8
            ? new BoundKernel(&RunInt8, context.Keep(arguments))
            : new BoundKernel(&RunInt16, context.Keep(arguments));
    }

    private static void RunInt8(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0; i < a.Elements; i++)
        {
            a.Output[i] = a.Table[a.Input[i] + 128];
        }
    }

    private static void RunInt16(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0; i < a.Elements; i++)
        {
            ((short*)a.Output)[i] = ((short*)a.Table)[a.Input[i] + 128];
        }
    }

    private static void RunChannelsInt8(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0, channel = 0; i < a.Elements; i++)
        {
            a.Output[i] = a.Table[(channel * 256) + a.Input[i] + 128];
            channel = channel + 1 == a.Channels ? 0 : channel + 1;
        }
    }

    private static void RunChannelsInt16(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0, channel = 0; i < a.Elements; i++)
        {
            ((short*)a.Output)[i] = ((short*)a.Table)[(channel * 256) + a.Input[i] + 128];
            channel = channel + 1 == a.Channels ? 0 : channel + 1;
        }
    }

    private struct Arguments
    {
        internal sbyte* Input;
        internal byte* Table;
        internal byte* Output;
        internal nint Elements;
        internal nint Channels;
    }
}
