using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>LayerNormalization and its form without a mean in float32; mean and variance are summed in double, in two passes.</summary>
internal static unsafe class LayerNormalizationKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        int depth = 1;
        for (int axis = 1; axis <= context.Operator.Int(LayerNormalizationRule.Axes); axis++)
        {
            depth *= x.Dimension(-axis);
        }

        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Scale = (float*)context.InputData(1),
            Bias = (float*)context.InputData(2),
            Output = (float*)context.OutputData(),
            Depth = depth,
            Rows = x.Elements / depth,
            Center = context.Operator.Int(LayerNormalizationRule.Center) != 0,
            Epsilon = context.Operator.Float(LayerNormalizationRule.Epsilon),
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + (row * a.Depth);
            float* y = a.Output + (row * a.Depth);
            double mean = 0;
            for (int i = 0; i < a.Depth && a.Center; i++)
            {
                mean += x[i];
            }

            mean /= a.Depth;
            double squares = 0;
            for (int i = 0; i < a.Depth; i++)
            {
                double deviation = x[i] - mean;
                squares += deviation * deviation;
            }

            double factor = 1 / Math.Sqrt((squares / a.Depth) + a.Epsilon);
            for (int i = 0; i < a.Depth; i++)
            {
                float normalized = (float)((x[i] - mean) * factor);
                y[i] = (normalized * (a.Scale == null ? 1f : a.Scale[i])) + (a.Bias == null ? 0f : a.Bias[i]);
            }
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Scale;
        internal float* Bias;
        internal float* Output;
        internal int Depth;
        internal int Rows;
        internal bool Center;
        internal float Epsilon;
    }
}
