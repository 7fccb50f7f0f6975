using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Movement;

/// <summary>Pad: for each axis a table says which element of x an output position shows, −1 for the value. Any element type.</summary>
internal static unsafe class PadKernel
{
    private const int Axes = FormatLayout.MaxRank;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        TensorInfo output = context.Output();
        var arguments = new Arguments { Input = context.InputData(0), Output = context.OutputData(), Value = context.Operator.Int(PadRule.Value) };
        int stride = 1;
        for (int axis = Axes - 1; axis >= 0; axis--)
        {
            int own = axis - Axes + x.Rank;
            int size = own < 0 ? 1 : x.Dimension(own);
            arguments.Shape[axis] = own < 0 ? 1 : output.Dimension(own);
            arguments.Strides[axis] = stride;
            stride *= size;
            var map = new AxisMap
            {
                Places = arguments.Shape[axis],
                Before = own < 0 ? 0 : context.Operator.Int(PadRule.Before + own),
                Size = size,
                Mode = (PadMode)context.Operator.Int(PadRule.Mode),
            };
            arguments.Maps[axis] = (nint)context.Table((long)map.Places * sizeof(int), map, FillMap);
        }

        void* kept = context.Keep(arguments);
        return TensorTypes.SizeOf(x.Type) switch
        {
            1 => new BoundKernel(&Run<byte>, kept),
            2 => new BoundKernel(&Run<short>, kept),
            _ => new BoundKernel(&Run<int>, kept),
        };
    }

    private static void FillMap(byte* destination, AxisMap map)
    {
        for (int i = 0; i < map.Places; i++)
        {
            ((int*)destination)[i] = Source(i - map.Before, map.Size, map.Mode);
        }
    }

    private static int Source(int position, int size, PadMode mode)
    {
        if (position >= 0 && position < size)
        {
            return position;
        }

        return mode switch
        {
            PadMode.Reflect => position < 0 ? -position : (2 * (size - 1)) - position,
            PadMode.Edge => position < 0 ? 0 : size - 1,
            PadMode.Wrap => ((position % size) + size) % size,
            _ => -1,
        };
    }

    private static void Run<T>(void* pointer)
        where T : unmanaged
    {
        ref Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Fill(ref a, 0, (T*)a.Input, (T*)a.Output, Unsafe.As<int, T>(ref a.Value));
    }

    // A null source is a place outside x on an axis before this one.
    private static T* Fill<T>(ref Arguments a, int axis, T* source, T* destination, T value)
        where T : unmanaged
    {
        int size = a.Shape[axis];
        int* map = (int*)a.Maps[axis];
        nint stride = a.Strides[axis];
        if (axis < Axes - 1)
        {
            for (int i = 0; i < size; i++)
            {
                T* inner = source == null || map[i] < 0 ? null : source + (map[i] * stride);
                destination = Fill(ref a, axis + 1, inner, destination, value);
            }

            return destination;
        }

        for (int i = 0; i < size; i++)
        {
            destination[i] = source == null || map[i] < 0 ? value : source[map[i]];
        }

        return destination + size;
    }

    private struct AxisMap
    {
        internal int Places;
        internal int Before;
        internal int Size;
        internal PadMode Mode;
    }

    private struct Arguments
    {
        internal byte* Input;
        internal byte* Output;
        internal int Value;
        internal fixed int Shape[Axes];
        internal fixed int Strides[Axes];
        internal fixed long Maps[Axes];
    }
}
