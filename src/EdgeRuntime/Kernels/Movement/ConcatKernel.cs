using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Movement;

/// <summary>Concat: for each position of the axes before, a run of bytes from each input in turn.</summary>
internal static unsafe class ConcatKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo output = context.Output();
        int axis = context.Operator.Int(ConcatRule.Axis);
        int outer = 1;
        for (int i = 0; i < axis; i++)
        {
            outer *= output.Dimension(i);
        }

        int count = context.Operator.Inputs.Length;
        Part* parts = context.KeepMany<Part>(count);
        for (int i = 0; i < count; i++)
        {
            parts[i] = new Part { Input = context.InputData(i), Bytes = context.Input(i).Bytes / outer };
        }

        return new BoundKernel(&Run, context.Keep(new Arguments { Parts = parts, Count = count, Outer = outer, Output = context.OutputData() }));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        byte* destination = a.Output;
        for (nint outer = 0; outer < a.Outer; outer++)
        {
            for (int i = 0; i < a.Count; i++)
            {
                nint bytes = a.Parts[i].Bytes;
                Buffer.MemoryCopy(a.Parts[i].Input + (outer * bytes), destination, bytes, bytes);
                destination += bytes;
            }
        }
    }

    private struct Part
    {
        internal byte* Input;
        internal nint Bytes;
    }

    private struct Arguments
    {
        internal Part* Parts;
        internal int Count;
        internal int Outer;
        internal byte* Output;
    }
}
