using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>
/// Softmax in float32 over the last axis. The maximum is subtracted first, so that nothing overflows, and what the subtraction
/// rounds off is handed on to e^x: at most 2 ULP off for β = 1. A NaN or an infinite maximum makes its whole row NaN.
/// </summary>
internal static unsafe class SoftmaxKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        return new BoundKernel(context.Fast ? &Run : &RunReference, context.Keep(SoftmaxRows.Of(in context, context.Operator.Float(SoftmaxRule.Beta))));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(void* pointer)
    {
        ref readonly SoftmaxRows a = ref Unsafe.AsRef<SoftmaxRows>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Depth);
            Exponentials(x, y, a.Depth, Highest(in a, x), a.Beta);
            Divide(y, a.Depth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunReference(void* pointer)
    {
        ref readonly SoftmaxRows a = ref Unsafe.AsRef<SoftmaxRows>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Depth);
            ExponentialsScalar(x, y, a.Depth, Highest(in a, x), a.Beta);
            Divide(y, a.Depth);
        }
    }

    /// <summary>y = e^(β(x − max)) · <see cref="VectorMath.Raise"/> for n elements, none of them denormal, by the widest vectors of this processor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Exponentials(float* x, float* y, int n, float max, float beta)
    {
        var row = new Row { X = x, Y = y, Elements = n, Max = max, Beta = beta };
        FloatLadder.All<ExponentialStep, Row>(ref row);
    }

    /// <summary>The same one element at a time: the scalar twin, equal to the bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ExponentialsScalar(float* x, float* y, int n, float max, float beta)
    {
        var row = new Row { X = x, Y = y, Elements = n, Max = max, Beta = beta };
        FloatLadder.Scalar<ExponentialStep, Row>(ref row);
    }

    /// <summary>The largest of n elements, 1 or more; NaN is the maximum of what it is in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Max(float* x, int n)
    {
        float max = x[0];
        for (int i = 1; i < n; i++)
        {
            max = MathF.Max(max, x[i]);
        }

        return max;
    }

    // The element that counts most: the smallest where β is negative.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Highest(in SoftmaxRows a, float* x)
    {
        if (a.Beta >= 0f)
        {
            return Max(x, a.Depth);
        }

        float min = x[0];
        for (int i = 1; i < a.Depth; i++)
        {
            min = MathF.Min(min, x[i]);
        }

        return min;
    }

    // Four sums side by side, in the same order whatever the width of the vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(float* y, int n)
    {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i <= n - 4; i += 4)
        {
            a += y[i];
            b += y[i + 1];
            c += y[i + 2];
            d += y[i + 3];
        }

        for (; i < n; i++)
        {
            a += y[i];
        }

        double sum = (a + b + (c + d)) / VectorMath.Raise;
        float rounded = (float)sum;
        VectorFunction.Apply<Quotient>(y, y, n, rounded, (float)((sum - rounded) / sum));
    }

    private readonly struct ExponentialStep : IFloatStep<Row>
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public static bool Run<TVector>(ref Row row)
            where TVector : struct, IFloatVector<TVector>
        {
            const float Lowest = -110f;
            TVector negativeMax = -row.Max;
            TVector beta = row.Beta;
            float* x = row.X;
            float* y = row.Y;
            int n = row.Elements;
            int i = row.Done;
            for (; i <= n - TVector.Count; i += TVector.Count)
            {
                TVector difference = VectorMath.Sum(TVector.Load(x + i), negativeMax, out TVector differenceLow);
                TVector scaled = VectorMath.Product(difference, beta, out TVector low);
                low = TVector.MultiplyAdd(differenceLow, beta, low);

                // Far below the maximum the low part means nothing, and is NaN where the difference is infinite.
                TVector bounded = TVector.SelectLess(scaled, Lowest, Lowest, scaled);
                low = TVector.SelectLess(scaled, Lowest, 0f, low);
                TVector.Store(VectorMath.ExpRaised(bounded, low), y + i);
            }

            row.Done = i;
            return i == n;
        }
    }

    // Raised x divided by α(1 + β): β is what rounding the sum lost.
    private readonly struct Quotient : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector quotient = x / alpha;
            return VectorMath.Lowered(TVector.MultiplyAdd(-quotient, beta, quotient));
        }
    }

    // The elements of a row, of which some are done.
    private struct Row
    {
        internal float* X;
        internal float* Y;
        internal int Elements;
        internal int Done;
        internal float Max;
        internal float Beta;
    }
}
