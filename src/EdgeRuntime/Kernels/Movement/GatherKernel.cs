using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Movement;

/// <summary>Gather: for each position of the axes before, and each index, a run of bytes. Any element type.</summary>
internal static unsafe class GatherKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        TensorInfo indices = context.Input(1);
        int axis = context.Operator.Int(GatherRule.Axis);
        int outer = 1;
        for (int i = 0; i < axis; i++)
        {
            outer *= x.Dimension(i);
        }

        int size = x.Dimension(axis);
        var arguments = new Arguments
        {
            Input = context.InputData(0),
            Indices = context.InputData(1),
            Output = context.OutputData(),
            Outer = outer,
            Size = size,
            Count = indices.Elements,
            Bytes = x.Bytes / outer / size,
        };
        return new BoundKernel(indices.Type == TensorType.Int32 ? &RunConstant : &RunComputed, context.Keep(arguments));
    }

    private static void RunConstant(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        byte* destination = a.Output;
        for (nint outer = 0; outer < a.Outer; outer++)
        {
            byte* source = a.Input + (outer * a.Size * a.Bytes);
            for (int i = 0; i < a.Count; i++, destination += a.Bytes)
            {
                Buffer.MemoryCopy(source + (((int*)a.Indices)[i] * a.Bytes), destination, a.Bytes, a.Bytes);
            }
        }
    }

    // Indices that the model computes may be anything: negative ones count from the end, others end at the border.
    private static void RunComputed(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        byte* destination = a.Output;
        for (nint outer = 0; outer < a.Outer; outer++)
        {
            byte* source = a.Input + (outer * a.Size * a.Bytes);
            for (int i = 0; i < a.Count; i++, destination += a.Bytes)
            {
                float value = ((float*)a.Indices)[i];
                nint index = value < 0f ? (nint)Math.Max(0f, value + a.Size) : value < a.Size ? (nint)value : value >= a.Size ? a.Size - 1 : 0;
                Buffer.MemoryCopy(source + (Math.Min(index, a.Size - 1) * a.Bytes), destination, a.Bytes, a.Bytes);
            }
        }
    }

    private struct Arguments
    {
        internal byte* Input;
        internal byte* Indices;
        internal byte* Output;
        internal int Outer;
        internal nint Size;
        internal int Count;
        internal nint Bytes;
    }
}
