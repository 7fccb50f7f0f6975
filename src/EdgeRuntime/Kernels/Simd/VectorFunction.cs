using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeRuntime.Kernels.Simd;

/// <summary>A function of one float32 with two parameters, written once for every width.</summary>
internal interface IVectorFunction
{
    static abstract TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
        where TVector : struct, IFloatVector<TVector>;
}

/// <summary>Applies a function to n elements; source and destination may be the same memory.</summary>
internal static unsafe class VectorFunction
{
    /// <summary>By the widest vectors of this processor, the rest by narrower ones.</summary>
    internal static void Apply<TFunction>(float* x, float* y, nint n, float alpha, float beta)
        where TFunction : struct, IVectorFunction
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            i = Run<TFunction, Float16>(x, y, i, n, alpha, beta);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            i = Run<TFunction, Float8>(x, y, i, n, alpha, beta);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            i = Run<TFunction, Float4>(x, y, i, n, alpha, beta);
        }

        Run<TFunction, Float1>(x, y, i, n, alpha, beta);
    }

    /// <summary>One element at a time: the scalar twin, equal to the bit.</summary>
    internal static void ApplyScalar<TFunction>(float* x, float* y, nint n, float alpha, float beta)
        where TFunction : struct, IVectorFunction
        => Run<TFunction, Float1>(x, y, 0, n, alpha, beta);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Run<TFunction, TVector>(float* x, float* y, nint i, nint n, float alpha, float beta)
        where TFunction : struct, IVectorFunction
        where TVector : struct, IFloatVector<TVector>
    {
        TVector a = alpha;
        TVector b = beta;
        for (; i <= n - TVector.Count; i += TVector.Count)
        {
            TVector.Store(TFunction.Of(TVector.Load(x + i), a, b), y + i);
        }

        return i;
    }
}
