using System.Runtime.CompilerServices;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>Softmax in float32 over the last axis; the maximum is subtracted first, so that nothing overflows.</summary>
internal static unsafe class SoftmaxKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Depth = context.Input(0).LastDimension,
            Rows = context.Elements(0) / context.Input(0).LastDimension,
            Beta = context.Operator.Float(SoftmaxRule.Beta),
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Depth);
            float max = float.NegativeInfinity;
            for (int i = 0; i < a.Depth; i++)
            {
                max = Math.Max(max, x[i]);
            }

            float sum = 0f;
            for (int i = 0; i < a.Depth; i++)
            {
                y[i] = MathF.Exp(a.Beta * (x[i] - max));
                sum += y[i];
            }

            for (int i = 0; i < a.Depth; i++)
            {
                y[i] /= sum;
            }
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal int Rows;
        internal int Depth;
        internal float Beta;
    }
}
