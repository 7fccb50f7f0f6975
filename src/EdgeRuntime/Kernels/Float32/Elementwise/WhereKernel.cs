using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>Where in float32, with broadcasting; the output may be the memory of an input that is not broadcast.</summary>
internal static unsafe class WhereKernel
{
    private const int Axes = FormatLayout.MaxRank;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo output = context.Output();
        var arguments = new Arguments
        {
            Condition = (float*)context.InputData(0),
            A = (float*)context.InputData(1),
            B = (float*)context.InputData(2),
            Output = (float*)context.OutputData(),
        };
        int stride0 = 1;
        int stride1 = 1;
        int stride2 = 1;
        for (int axis = 1; axis <= Axes; axis++)
        {
            int slot = Axes - axis;
            arguments.Shape[slot] = axis <= output.Rank ? output.Dimension(-axis) : 1;
            arguments.Strides[slot] = Stride(context.Input(0), axis, ref stride0);
            arguments.Strides[Axes + slot] = Stride(context.Input(1), axis, ref stride1);
            arguments.Strides[(2 * Axes) + slot] = Stride(context.Input(2), axis, ref stride2);
        }

        MergedAxes.Merge(arguments.Shape, arguments.Strides, 3, Axes);
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
        Select(ref a, 0, a.Condition, a.A, a.B, a.Output);
    }

    private static float* Select(ref Arguments arguments, int axis, float* condition, float* a, float* b, float* output)
    {
        int size = arguments.Shape[axis];
        nint strideCondition = arguments.Strides[axis];
        nint strideA = arguments.Strides[Axes + axis];
        nint strideB = arguments.Strides[(2 * Axes) + axis];
        for (int i = 0; i < size; i++)
        {
            if (axis < Axes - 1)
            {
                output = Select(ref arguments, axis + 1, condition, a, b, output);
            }
            else
            {
                *output++ = *condition != 0f ? *a : *b;
            }

            condition += strideCondition;
            a += strideA;
            b += strideB;
        }

        return output;
    }

    private struct Arguments
    {
        internal float* Condition;
        internal float* A;
        internal float* B;
        internal float* Output;
        internal fixed int Shape[Axes];
        internal fixed int Strides[3 * Axes];
    }
}
