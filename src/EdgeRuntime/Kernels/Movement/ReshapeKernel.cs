using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels.Movement;

/// <summary>Reshape: nothing where input and output share one place in the arena, else a copy.</summary>
internal static unsafe class ReshapeKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        byte* input = context.InputData(0);
        byte* output = context.OutputData();
        if (input == output)
        {
            return default;
        }

        return new BoundKernel(&Run, context.Keep(new Arguments { Input = input, Output = output, Bytes = (long)context.Elements(0) * TensorTypes.SizeOf(context.Input(0).Type) }));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Buffer.MemoryCopy(a.Input, a.Output, a.Bytes, a.Bytes);
    }

    private struct Arguments
    {
        internal byte* Input;
        internal byte* Output;
        internal long Bytes;
    }
}
