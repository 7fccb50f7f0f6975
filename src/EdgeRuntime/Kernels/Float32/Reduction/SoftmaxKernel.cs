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

    // What e^−104 is divided by is 1 at least, so that it rounds to 0. Not less: its product with a part of the reciprocal would be denormal.
    private const float Lowest = -104f;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(void* pointer)
    {
        ref readonly SoftmaxRows a = ref Unsafe.AsRef<SoftmaxRows>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Depth);
            Exponentials(x, y, a.Depth, Highest(in a, x), a.Beta, Lowest);
            Divide(y, a.Depth, VectorReduction.Sum(y, a.Depth));
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
            ExponentialsScalar(x, y, a.Depth, Highest(in a, x), a.Beta, Lowest);
            Divide(y, a.Depth, VectorReduction.SumScalar(y, a.Depth));
        }
    }

    /// <summary>y = e^(β(x − max)) · <see cref="VectorMath.Raise"/>, of e^lowest at least, for n elements, none of them denormal, by the widest vectors of this processor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Exponentials(float* x, float* y, int n, float max, float beta, float lowest)
    {
        var row = new Row { X = x, Y = y, Elements = n, Max = max, Beta = beta, Lowest = lowest };
        FloatLadder.All<ExponentialStep, Row>(ref row);
    }

    /// <summary>The same one element at a time: the scalar twin, equal to the bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ExponentialsScalar(float* x, float* y, int n, float max, float beta, float lowest)
    {
        var row = new Row { X = x, Y = y, Elements = n, Max = max, Beta = beta, Lowest = lowest };
        FloatLadder.Scalar<ExponentialStep, Row>(ref row);
    }

    // The element that counts most: the smallest where β is negative.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Highest(in SoftmaxRows a, float* x)
    {
        if (a.Beta >= 0f)
        {
            return VectorExtreme<LargerIfNumbers>.Of(x, a.Depth);
        }

        float min = x[0];
        for (int i = 1; i < a.Depth; i++)
        {
            min = MathF.Min(min, x[i]);
        }

        return min;
    }

    // The reciprocal of the sum in two parts, so that a product with it is rounded as a quotient is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(float* y, int n, double raisedSum)
    {
        double reciprocal = VectorMath.Raise / raisedSum;
        float rounded = (float)reciprocal;
        VectorFunction.Apply<Product>(y, y, n, rounded, (float)(reciprocal - rounded));
    }

    private readonly struct ExponentialStep : IFloatStep<Row>
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public static bool Run<TVector>(ref Row row)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector negativeMax = -row.Max;
            TVector beta = row.Beta;
            TVector lowest = row.Lowest;
            bool isPlain = row.Beta == 1f;
            float* x = row.X;
            float* y = row.Y;
            int n = row.Elements;
            int i = row.Done;
            for (; i <= n - TVector.Count; i += TVector.Count)
            {
                TVector difference = VectorMath.Sum(TVector.Load(x + i), negativeMax, out TVector differenceLow);
                TVector scaled = difference;
                TVector low = differenceLow;
                if (!isPlain)
                {
                    scaled = VectorMath.Product(difference, beta, out low);
                    low = TVector.MultiplyAdd(differenceLow, beta, low);
                }

                // Far below the maximum the low part means nothing, and is NaN where the difference is infinite.
                TVector bounded = TVector.Larger(lowest, scaled);
                low = TVector.SelectLess(scaled, lowest, 0f, low);
                TVector.Store(VectorMath.RaisedExp(bounded, low), y + i);
            }

            row.Done = i;
            return i == n;
        }
    }

    // Raised x times α + β, rounded once.
    private readonly struct Product : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            if (FusedMultiplyAdd.IsSupported)
            {
                return VectorMath.Lowered(TVector.MultiplyAdd(x, alpha, x * beta));
            }

            TVector high = VectorMath.Product(x, alpha, out TVector low);
            return VectorMath.Lowered(high + (low + (x * beta)));
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
        internal float Lowest;
    }
}
