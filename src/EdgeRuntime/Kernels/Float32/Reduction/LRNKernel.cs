using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>Local response normalisation over the last axis in float32.</summary>
internal static unsafe class LRNKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Depth = x.LastDimension,
            Rows = x.Elements / x.LastDimension,
            Size = context.Operator.Int(LRNRule.Size),
            Alpha = context.Operator.Float(LRNRule.Alpha),
            Beta = context.Operator.Float(LRNRule.Beta),
            Bias = context.Operator.Float(LRNRule.Bias),
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        int before = (a.Size - 1) / 2;
        int after = a.Size - 1 - before;
        for (nint row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + (row * a.Depth);
            float* y = a.Output + (row * a.Depth);
            for (int c = 0; c < a.Depth; c++)
            {
                float squares = 0f;
                for (int i = Math.Max(0, c - before); i <= Math.Min(a.Depth - 1, c + after); i++)
                {
                    squares += x[i] * x[i];
                }

                y[c] = x[c] / MathF.Pow(a.Bias + (a.Alpha / a.Size * squares), a.Beta);
            }
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal int Depth;
        internal int Rows;
        internal int Size;
        internal float Alpha;
        internal float Beta;
        internal float Bias;
    }
}
