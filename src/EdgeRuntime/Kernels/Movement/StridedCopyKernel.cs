using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd;

namespace EdgeInference.Runtime.Kernels.Movement;

/// <summary>Transpose, Slice and Expand: the output in its own order, read from the input with a stride for each axis. Any element type.</summary>
internal static unsafe class StridedCopyKernel
{
    private const int Axes = FormatLayout.MaxRank;

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

    private static BoundKernel Bind(in BindContext context, Arguments arguments)
    {
        MergedAxes.Merge(arguments.Shape, arguments.Strides, 1, Axes);
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
        if (axis == Axes - 2)
        {
            nint rows = a.Shape[Axes - 2];
            nint columns = a.Shape[Axes - 1];
            nint rowStride = a.Strides[Axes - 2];
            nint stride = a.Strides[Axes - 1];
            if (stride == 1)
            {
                CopyRows(source, destination, rows, columns, rowStride);
            }
            else if (Math.Abs(rowStride) < Math.Abs(stride))
            {
                CopyTiles(source, destination, rows, columns, rowStride, stride);
            }
            else
            {
                CopyElements(source, destination, rows, columns, rowStride, stride);
            }

            return destination + (rows * columns);
        }

        for (int i = 0; i < a.Shape[axis]; i++)
        {
            destination = Copy(ref a, axis + 1, source + ((nint)i * a.Strides[axis]), destination);
        }

        return destination;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows<T>(T* source, T* destination, nint rows, nint columns, nint rowStride)
        where T : unmanaged
    {
        // A call for each short row would cost more than the row.
        const int ShortBytes = 64;
        if (columns * sizeof(T) < ShortBytes)
        {
            CopyElements(source, destination, rows, columns, rowStride, 1);
            return;
        }

        for (nint row = 0; row < rows; row++, source += rowStride, destination += columns)
        {
            Unsafe.CopyBlockUnaligned(destination, source, (uint)(columns * sizeof(T)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyElements<T>(T* source, T* destination, nint rows, nint columns, nint rowStride, nint stride)
        where T : unmanaged
    {
        // Rows as short as the channels of an image: position by position of all rows, since a count that starts again costs as much as a few elements.
        const int ShortRow = 16;
        if (columns < ShortRow)
        {
            for (nint column = 0; column < columns; column++)
            {
                T* next = source + (column * stride);
                T* to = destination + column;
                for (nint row = 0; row < rows; row++, next += rowStride, to += columns)
                {
                    *to = *next;
                }
            }

            return;
        }

        for (nint row = 0; row < rows; row++, source += rowStride, destination += columns)
        {
            T* from = source;
            for (nint column = 0; column < columns; column++, from += stride)
            {
                destination[column] = *from;
            }
        }
    }

    // What is near in the source is read together, in tiles whose lines of both stay in the first cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyTiles<T>(T* source, T* destination, nint rows, nint columns, nint rowStride, nint stride)
        where T : unmanaged
    {
        const int Tile = 16;
        nint whole = columns == 3 && rowStride == 1 && sizeof(T) == sizeof(int) ? Interleave.Three((int*)source, stride, (int*)destination, rows) : 0;
        for (nint firstRow = whole; firstRow < rows; firstRow += Tile)
        {
            nint height = Math.Min(Tile, rows - firstRow);
            for (nint firstColumn = 0; firstColumn < columns; firstColumn += Tile)
            {
                nint endColumn = Math.Min(firstColumn + Tile, columns);
                for (nint column = firstColumn; column < endColumn; column++)
                {
                    T* from = source + (firstRow * rowStride) + (column * stride);
                    T* to = destination + (firstRow * columns) + column;
                    for (nint row = 0; row < height; row++, from += rowStride, to += columns)
                    {
                        *to = *from;
                    }
                }
            }
        }
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
