using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Movement;

/// <summary>Transpose, Slice and Expand: the output in its own order, read from the input with a stride for each axis. Any element type.</summary>
internal static unsafe class StridedCopyKernel
{
    private const int Axes = FormatLayout.MaxRank;

    // A call costs as much as a few elements: rows below this, as the channels of an image are, are copied many at once.
    private const int ShortRow = 16;

    internal static BoundKernel BindTranspose(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        Arguments arguments = Prepare(in context);
        for (int i = 0; i < x.Rank; i++)
        {
            arguments.Strides[Axes - x.Rank + i] = Stride(x, context.Operator.Int(TransposeRule.Permutation + i));
        }

        return Bind(in context, arguments);
    }

    internal static BoundKernel BindSlice(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        Arguments arguments = Prepare(in context);
        for (int axis = 0; axis < x.Rank; axis++)
        {
            int stride = Stride(x, axis);
            arguments.Offset += context.Operator.Int(SliceRule.Start + axis) * stride;
            arguments.Strides[Axes - x.Rank + axis] = context.Operator.Int(SliceRule.Step + axis) * stride;
        }

        return Bind(in context, arguments);
    }

    internal static BoundKernel BindExpand(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        Arguments arguments = Prepare(in context);
        for (int axis = 0; axis < x.Rank; axis++)
        {
            arguments.Strides[Axes - x.Rank + axis] = x.Dimension(axis) == 1 ? 0 : Stride(x, axis);
        }

        return Bind(in context, arguments);
    }

    private static Arguments Prepare(in BindContext context)
    {
        TensorInfo output = context.Output();
        var arguments = new Arguments { Input = context.InputData(0), Output = context.OutputData() };
        for (int axis = 0; axis < Axes; axis++)
        {
            int own = axis - Axes + output.Rank;
            arguments.Shape[axis] = own < 0 ? 1 : output.Dimension(own);
        }

        return arguments;
    }

    private static int Stride(TensorInfo tensor, int axis)
    {
        int stride = 1;
        for (int i = axis + 1; i < tensor.Rank; i++)
        {
            stride *= tensor.Dimension(i);
        }

        return stride;
    }

    private static BoundKernel Bind(in BindContext context, in Arguments arguments)
    {
        void* kept = context.Keep(arguments);
        return TensorTypes.SizeOf(context.Input(0).Type) switch
        {
            1 => new BoundKernel(&Run<byte>, kept),
            2 => new BoundKernel(&Run<short>, kept),
            4 => new BoundKernel(&Run<int>, kept),
            _ => new BoundKernel(&Run<long>, kept),
        };
    }

    private static void Run<T>(void* pointer)
        where T : unmanaged
    {
        ref Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Copy(ref a, 0, (T*)a.Input + a.Offset, (T*)a.Output);
    }

    private static T* Copy<T>(ref Arguments a, int axis, T* source, T* destination)
        where T : unmanaged
    {
        int size = a.Shape[axis];
        nint stride = a.Strides[axis];
        if (axis == Axes - 2 && a.Shape[Axes - 1] < ShortRow)
        {
            return CopyShortRows(source, size, stride, a.Shape[Axes - 1], a.Strides[Axes - 1], destination);
        }

        if (axis < Axes - 1)
        {
            for (int i = 0; i < size; i++)
            {
                destination = Copy(ref a, axis + 1, source + (i * stride), destination);
            }

            return destination;
        }

        if (stride == 1)
        {
            new ReadOnlySpan<T>(source, size).CopyTo(new Span<T>(destination, size));
            return destination + size;
        }

        for (int i = 0; i < size; i++)
        {
            destination[i] = source[i * stride];
        }

        return destination + size;
    }

    // Position by position of all rows: one load and one store an element, and no count to start again for each row.
    private static T* CopyShortRows<T>(T* source, int rows, nint rowStride, int size, nint stride, T* destination)
        where T : unmanaged
    {
        for (int i = 0; i < size; i++)
        {
            T* from = source + (i * stride);
            T* to = destination + i;
            for (int row = 0; row < rows; row++)
            {
                *to = *from;
                to += size;
                from += rowStride;
            }
        }

        return destination + ((nint)rows * size);
    }

    private struct Arguments
    {
        internal byte* Input;
        internal byte* Output;
        internal int Offset;
        internal fixed int Shape[Axes];
        internal fixed int Strides[Axes];
    }
}
