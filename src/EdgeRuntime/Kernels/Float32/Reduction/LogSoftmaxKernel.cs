using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>
/// ln softmax(x) in float32 over the last axis, at most 2 ULP off: (x − max) − ln(1 + s), s the sum of e^(x − max) without the
/// maximum's own 1, so that a row with one sure class keeps the digits of what is left. A NaN or an infinite maximum makes its
/// whole row NaN. Input and output must not be
/// the same memory.
/// </summary>
internal static unsafe class LogSoftmaxKernel
{
    // Below it 1 + s would lose digits of s, and three terms of the series have them all.
    private const double SmallSum = 1e-5;

    // What is less does not show in any sum of others.
    private const float Lowest = -110f;

    internal static BoundKernel Bind(in BindContext context)
    {
        return new BoundKernel(context.Fast ? &Run : &RunReference, context.Keep(SoftmaxRows.Of(in context, 1f)));
    }

    private static void Run(void* pointer)
    {
        ref readonly SoftmaxRows a = ref Unsafe.AsRef<SoftmaxRows>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Depth);
            float max = VectorExtreme<LargerIfNumbers>.Of(x, a.Depth);
            SoftmaxKernel.Exponentials(x, y, a.Depth, max, a.Beta, Lowest);
            Subtract(x, y, a.Depth, max);
        }
    }

    private static void RunReference(void* pointer)
    {
        ref readonly SoftmaxRows a = ref Unsafe.AsRef<SoftmaxRows>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Depth);
            float max = VectorExtreme<LargerIfNumbers>.Of(x, a.Depth);
            SoftmaxKernel.ExponentialsScalar(x, y, a.Depth, max, a.Beta, Lowest);
            Subtract(x, y, a.Depth, max);
        }
    }

    // y holds the exponentials, raised, and then the result.
    private static void Subtract(float* x, float* y, int n, float max)
    {
        double sum = 0;
        bool skipped = false;
        for (int i = 0; i < n; i++)
        {
            if (!skipped && x[i] == max)
            {
                // 1 without its 1, or NaN.
                sum += y[i] - VectorMath.Raise;
                skipped = true;
                continue;
            }

            sum += y[i];
        }

        sum /= VectorMath.Raise;
        double log = sum < SmallSum ? sum * (1 - (sum * (0.5 - (sum / 3)))) : Math.Log(1 + sum);
        for (int i = 0; i < n; i++)
        {
            y[i] = (float)((double)x[i] - max - log);
        }
    }
}
