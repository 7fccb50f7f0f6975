using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>Element-by-element functions of two float32 tensors with broadcasting; the output may be the memory of an input that is not broadcast.</summary>
internal static unsafe class BinaryKernel
{
    private const int Axes = FormatLayout.MaxRank;

    internal static BoundKernel Bind<TFunction>(in BindContext context)
        where TFunction : struct, IVectorBinaryFunction
        => Bind(in context, context.Fast ? &BinaryRows.Vectors<TFunction> : &BinaryRows.Scalars<TFunction>);

    /// <summary>Of a function that has no formula in vectors.</summary>
    internal static BoundKernel BindCalls<TFunction>(in BindContext context)
        where TFunction : struct, IBinaryFunction
        => Bind(in context, &BinaryRows.Calls<TFunction>);

    private static BoundKernel Bind(in BindContext context, delegate*<float*, float*, float*, nint, nint, nint, void> row)
    {
        TensorInfo output = context.Output();
        var arguments = new Arguments
        {
            A = (float*)context.InputData(0),
            B = (float*)context.InputData(1),
            Output = (float*)context.OutputData(),
            Row = row,
        };
        int strideA = 1;
        int strideB = 1;
        for (int axis = 1; axis <= Axes; axis++)
        {
            int slot = Axes - axis;
            arguments.Shape[slot] = axis <= output.Rank ? output.Dimension(-axis) : 1;
            arguments.Strides[slot] = Stride(context.Input(0), axis, ref strideA);
            arguments.Strides[Axes + slot] = Stride(context.Input(1), axis, ref strideB);
        }

        MergedAxes.Merge(arguments.Shape, arguments.Strides, 2, Axes);
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static int Stride(TensorInfo tensor, int axis, ref int stride)
    {
        int size = axis <= tensor.Rank ? tensor.Dimension(-axis) : 1;
        int result = size == 1 ? 0 : stride;
        stride *= size;
        return result;
    }

    private static void Run(void* pointer)
    {
        ref Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Loop(ref a, 0, a.A, a.B, a.Output);
    }

    private static float* Loop(ref Arguments arguments, int axis, float* a, float* b, float* output)
    {
        nint size = arguments.Shape[axis];
        nint strideA = arguments.Strides[axis];
        nint strideB = arguments.Strides[Axes + axis];
        if (axis == Axes - 1)
        {
            arguments.Row(a, b, output, size, strideA, strideB);
            return output + size;
        }

        for (nint i = 0; i < size; i++)
        {
            output = Loop(ref arguments, axis + 1, a + (i * strideA), b + (i * strideB), output);
        }

        return output;
    }

    private struct Arguments
    {
        internal float* A;
        internal float* B;
        internal float* Output;
        internal delegate*<float*, float*, float*, nint, nint, nint, void> Row;
        internal fixed int Shape[Axes];
        internal fixed int Strides[2 * Axes];
    }
}
