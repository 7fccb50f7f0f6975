using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Dense;

/// <summary>
/// Dense with the weights where the file has them: a dot product for each unit. For layers of so few units that panels
/// would be mostly padding, and for layers so large that a second copy of the weights is worth more than its speed.
/// </summary>
internal static unsafe class DenseDots<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(void* pointer)
    {
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Units);
            int unit = 0;
            for (; unit <= a.Units - 4; unit += 4)
            {
                Four(in a, x, a.Weights + ((long)unit * a.Depth), a.Bias == null ? null : a.Bias + unit, y + unit);
            }

            for (; unit < a.Units; unit++)
            {
                y[unit] = Rectify(in a, One(x, a.Weights + ((long)unit * a.Depth), a.Depth) + (a.Bias == null ? 0f : a.Bias[unit]));
            }
        }

        if (a.Activation != null)
        {
            a.Activation(a.Output, a.Output, (nint)a.Rows * a.Units, a.Alpha, a.Beta);
        }
    }

    /// <summary>One row and one unit, and the function of its sum without a call: what a logistic regression is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void RunUnit<TFunction>(void* pointer)
        where TFunction : struct, IVectorFunction
    {
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
        FloatScalar sum = One(a.Input, a.Weights, a.Depth) + (a.Bias == null ? 0f : *a.Bias);
        FloatScalar.Store(TFunction.Of<FloatScalar>(sum, a.Alpha, a.Beta), a.Output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(in DenseArguments a, float* x, float* w0, float* bias, float* y)
    {
        nint depth = a.Depth;
        float* w1 = w0 + depth;
        float* w2 = w1 + depth;
        float* w3 = w2 + depth;
        TVector s0 = default, s1 = default, s2 = default, s3 = default;
        TVector t0 = default, t1 = default, t2 = default, t3 = default;
        nint i = 0;
        for (; i <= depth - (2 * TVector.Count); i += 2 * TVector.Count)
        {
            TVector first = TVector.Load(x + i);
            s0 = TVector.MultiplyAdd(first, TVector.Load(w0 + i), s0);
            s1 = TVector.MultiplyAdd(first, TVector.Load(w1 + i), s1);
            s2 = TVector.MultiplyAdd(first, TVector.Load(w2 + i), s2);
            s3 = TVector.MultiplyAdd(first, TVector.Load(w3 + i), s3);
            TVector second = TVector.Load(x + i + TVector.Count);
            t0 = TVector.MultiplyAdd(second, TVector.Load(w0 + i + TVector.Count), t0);
            t1 = TVector.MultiplyAdd(second, TVector.Load(w1 + i + TVector.Count), t1);
            t2 = TVector.MultiplyAdd(second, TVector.Load(w2 + i + TVector.Count), t2);
            t3 = TVector.MultiplyAdd(second, TVector.Load(w3 + i + TVector.Count), t3);
        }

        float r0 = TVector.Sum(s0 + t0);
        float r1 = TVector.Sum(s1 + t1);
        float r2 = TVector.Sum(s2 + t2);
        float r3 = TVector.Sum(s3 + t3);
        for (; i < depth; i++)
        {
            r0 += x[i] * w0[i];
            r1 += x[i] * w1[i];
            r2 += x[i] * w2[i];
            r3 += x[i] * w3[i];
        }

        if (bias != null)
        {
            r0 += bias[0];
            r1 += bias[1];
            r2 += bias[2];
            r3 += bias[3];
        }

        y[0] = Rectify(in a, r0);
        y[1] = Rectify(in a, r1);
        y[2] = Rectify(in a, r2);
        y[3] = Rectify(in a, r3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float One(float* x, float* w, nint depth)
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default;
        nint i = 0;
        for (; i <= depth - (4 * TVector.Count); i += 4 * TVector.Count)
        {
            s0 = TVector.MultiplyAdd(TVector.Load(x + i), TVector.Load(w + i), s0);
            s1 = TVector.MultiplyAdd(TVector.Load(x + i + TVector.Count), TVector.Load(w + i + TVector.Count), s1);
            s2 = TVector.MultiplyAdd(TVector.Load(x + i + (2 * TVector.Count)), TVector.Load(w + i + (2 * TVector.Count)), s2);
            s3 = TVector.MultiplyAdd(TVector.Load(x + i + (3 * TVector.Count)), TVector.Load(w + i + (3 * TVector.Count)), s3);
        }

        // What is left of a block goes to sums of its own: one after the other, each waits for the one before.
        nint left = depth - i;
        if (left >= 2 * TVector.Count)
        {
            s0 = TVector.MultiplyAdd(TVector.Load(x + i), TVector.Load(w + i), s0);
            s1 = TVector.MultiplyAdd(TVector.Load(x + i + TVector.Count), TVector.Load(w + i + TVector.Count), s1);
            i += 2 * TVector.Count;
            left -= 2 * TVector.Count;
        }

        if (left >= TVector.Count)
        {
            s2 = TVector.MultiplyAdd(TVector.Load(x + i), TVector.Load(w + i), s2);
            i += TVector.Count;
            left -= TVector.Count;
        }

        if (left > 0)
        {
            s3 = TVector.MultiplyAdd(TVector.LoadFirst(x + i, (int)left), TVector.LoadFirst(w + i, (int)left), s3);
        }

        return TVector.Sum(s0 + s1 + (s2 + s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Rectify(in DenseArguments a, float x) => FloatScalar.Sum(FusedRelu.Of<FloatScalar>(x, a.Relu, a.Alpha));
}
