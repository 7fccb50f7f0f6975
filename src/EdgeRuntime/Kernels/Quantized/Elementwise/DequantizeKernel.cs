using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Quantized.Elementwise;

/// <summary>Dequantize from int8 or int16: scale · (x − zero point), one float32 multiplication.</summary>
internal static unsafe class DequantizeKernel
{
    internal static BoundKernel Bind<T>(in BindContext context)
        where T : unmanaged, IBinaryInteger<T>
    {
        TensorInfo input = context.Input(0);
        var arguments = new Arguments
        {
            Input = context.InputData(0),
            Output = (float*)context.OutputData(),
            Elements = context.Elements(0),
            Scale = input.Scale,
            ZeroPoint = input.ZeroPoint,
        };
        return new BoundKernel(&Run<T>, context.Keep(arguments));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<T>(T* source, float* destination, nint n, float scale, int zeroPoint)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Narrow outputs of classifiers fill no vector.
        nint i = typeof(T) == typeof(sbyte) ? ScaledIntegers.Store((sbyte*)source, destination, n, scale, zeroPoint)
            : typeof(T) == typeof(short) ? ScaledIntegers.Store((short*)source, destination, n, scale, zeroPoint)
            : 0;
        for (; i < n; i++)
        {
            destination[i] = scale * (int.CreateTruncating(source[i]) - zeroPoint);
        }
    }

    private static void Run<T>(void* pointer)
        where T : unmanaged, IBinaryInteger<T>
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Run((T*)a.Input, a.Output, a.Elements, a.Scale, a.ZeroPoint);
    }

    private struct Arguments
    {
        internal byte* Input;
        internal float* Output;
        internal nint Elements;
        internal float Scale;
        internal int ZeroPoint;
    }
}
