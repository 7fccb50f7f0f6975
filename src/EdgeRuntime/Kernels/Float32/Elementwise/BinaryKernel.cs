using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>A function of two float32 numbers.</summary>
internal interface IBinaryFunction
{
    static abstract float Invoke(float a, float b);
}

/// <summary>a + b.</summary>
internal readonly struct Add : IBinaryFunction
{
    public static float Invoke(float a, float b) => a + b;
}

/// <summary>a − b.</summary>
internal readonly struct Sub : IBinaryFunction
{
    public static float Invoke(float a, float b) => a - b;
}

/// <summary>a · b.</summary>
internal readonly struct Mul : IBinaryFunction
{
    public static float Invoke(float a, float b) => a * b;
}

/// <summary>a / b.</summary>
internal readonly struct Div : IBinaryFunction
{
    public static float Invoke(float a, float b) => a / b;
}

/// <summary>Element-by-element functions of two float32 tensors with broadcasting; the output may be the memory of an input that is not broadcast.</summary>
internal static unsafe class BinaryKernel
{
    internal static BoundKernel Bind<TFunction>(in BindContext context)
        where TFunction : struct, IBinaryFunction
    {
        TensorInfo output = context.Output();
        var arguments = new Arguments
        {
            A = (float*)context.InputData(0),
            B = (float*)context.InputData(1),
            Output = (float*)context.OutputData(),
        };
        int strideA = 1;
        int strideB = 1;
        for (int axis = 1; axis <= FormatLayout.MaxRank; axis++)
        {
            int slot = FormatLayout.MaxRank - axis;
            arguments.Shape[slot] = axis <= output.Rank ? output.Dimension(-axis) : 1;
            arguments.StridesA[slot] = Stride(context.Input(0), axis, ref strideA);
            arguments.StridesB[slot] = Stride(context.Input(1), axis, ref strideB);
        }

        return new BoundKernel(&Run<TFunction>, context.Keep(arguments));
    }

    private static int Stride(TensorInfo tensor, int axis, ref int stride)
    {
        int size = axis <= tensor.Rank ? tensor.Dimension(-axis) : 1;
        int result = size == 1 ? 0 : stride;
        stride *= size;
        return result;
    }

    private static void Run<TFunction>(void* pointer)
        where TFunction : struct, IBinaryFunction
    {
        ref Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Loop<TFunction>(ref a, 0, a.A, a.B, a.Output);
    }

    private static float* Loop<TFunction>(ref Arguments arguments, int axis, float* a, float* b, float* output)
        where TFunction : struct, IBinaryFunction
    {
        int size = arguments.Shape[axis];
        nint strideA = arguments.StridesA[axis];
        nint strideB = arguments.StridesB[axis];
        if (axis < FormatLayout.MaxRank - 1)
        {
            for (int i = 0; i < size; i++)
            {
                output = Loop<TFunction>(ref arguments, axis + 1, a + (i * strideA), b + (i * strideB), output);
            }

            return output;
        }

        for (int i = 0; i < size; i++)
        {
            output[i] = TFunction.Invoke(a[i * strideA], b[i * strideB]);
        }

        return output + size;
    }

    private struct Arguments
    {
        internal float* A;
        internal float* B;
        internal float* Output;
        internal fixed int Shape[FormatLayout.MaxRank];
        internal fixed int StridesA[FormatLayout.MaxRank];
        internal fixed int StridesB[FormatLayout.MaxRank];
    }
}
