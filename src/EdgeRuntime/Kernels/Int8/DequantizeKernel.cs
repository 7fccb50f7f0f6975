using System.Runtime.CompilerServices;
using ModelFormat;

namespace EdgeRuntime.Kernels.Int8;

/// <summary>Dequantize from int8: scale · (x − zero point), one float32 multiplication.</summary>
internal static unsafe class DequantizeKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorRecord input = context.Input(0);
        var arguments = new Arguments
        {
            Input = (sbyte*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Elements = context.Elements(0),
            Scale = input.Scale,
            ZeroPoint = input.ZeroPoint,
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    internal static void Run(sbyte* source, float* destination, nint n, float scale, int zeroPoint)
    {
        for (nint i = 0; i < n; i++)
        {
            destination[i] = scale * (source[i] - zeroPoint);
        }
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Run(a.Input, a.Output, a.Elements, a.Scale, a.ZeroPoint);
    }

    private struct Arguments
    {
        internal sbyte* Input;
        internal float* Output;
        internal nint Elements;
        internal float Scale;
        internal int ZeroPoint;
    }
}
