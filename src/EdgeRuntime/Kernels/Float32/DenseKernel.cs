using System.Numerics;
using System.Runtime.CompilerServices;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>Dense in float32: rows of inputs times the transposed weights, plus bias, through the activation.</summary>
internal static unsafe class DenseKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorRecord weights = context.Input(1);
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Weights = (float*)context.InputData(1),
            Bias = (float*)context.InputData(2),
            Output = (float*)context.OutputData(),
            Units = weights.Dimension(0),
            Depth = weights.Dimension(1),
            Rows = context.Input(0).Elements / weights.Dimension(1),
            Activation = ActivationKernel.Function((ActivationKind)context.Operator.Int(DenseRule.Activation)),
            Alpha = context.Operator.Float(DenseRule.Alpha),
            Beta = context.Operator.Float(DenseRule.Beta),
        };
        return new BoundKernel(context.Fast ? &Run : &RunReference, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Units);
            for (int unit = 0; unit < a.Units; unit++)
            {
                float sum = Dot(x, a.Weights + ((long)unit * a.Depth), a.Depth);
                y[unit] = a.Bias == null ? sum : sum + a.Bias[unit];
            }

            a.Activation(y, y, a.Units, a.Alpha, a.Beta);
        }
    }

    private static void RunReference(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Units);
            for (int unit = 0; unit < a.Units; unit++)
            {
                float* w = a.Weights + ((long)unit * a.Depth);
                float sum = a.Bias == null ? 0f : a.Bias[unit];
                for (int i = 0; i < a.Depth; i++)
                {
                    sum += x[i] * w[i];
                }

                y[unit] = sum;
            }

            a.Activation(y, y, a.Units, a.Alpha, a.Beta);
        }
    }

    private static float Dot(float* x, float* w, int length)
    {
        Vector<float> sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sums = Vector.FusedMultiplyAdd(Vector.Load(x + i), Vector.Load(w + i), sums);
        }

        float sum = Vector.Sum(sums);
        for (; i < length; i++)
        {
            sum += x[i] * w[i];
        }

        return sum;
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Weights;
        internal float* Bias;
        internal float* Output;
        internal int Rows;
        internal int Depth;
        internal int Units;
        internal float Alpha;
        internal float Beta;
        internal delegate*<float*, float*, nint, float, float, void> Activation;
    }
}
