using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Simd.Float;

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Apply<TFunction>(float* x, float* y, nint n, float alpha, float beta)
        where TFunction : struct, IVectorFunction
    {
        var elements = new Elements { X = x, Y = y, Left = n, Alpha = alpha, Beta = beta };
        FloatLadder.All<Step<TFunction>, Elements>(ref elements);
    }

    /// <summary>One element at a time: the scalar twin, equal to the bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ApplyScalar<TFunction>(float* x, float* y, nint n, float alpha, float beta)
        where TFunction : struct, IVectorFunction
    {
        var elements = new Elements { X = x, Y = y, Left = n, Alpha = alpha, Beta = beta };
        FloatLadder.Scalar<Step<TFunction>, Elements>(ref elements);
    }

    private readonly struct Step<TFunction> : IFloatStep<Elements>
        where TFunction : struct, IVectorFunction
    {
        // A width that fills no vector costs no call.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Run<TVector>(ref Elements elements)
            where TVector : struct, IFloatVector<TVector>
            => elements.Left >= TVector.Count && Loop<TVector>(ref elements);

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static bool Loop<TVector>(ref Elements elements)
            where TVector : struct, IFloatVector<TVector>
        {
            nint n = elements.Left;
            TVector a = elements.Alpha;
            TVector b = elements.Beta;
            float* x = elements.X;
            float* y = elements.Y;
            nint i = 0;
            for (; i <= n - TVector.Count; i += TVector.Count)
            {
                TVector.Store(TFunction.Of(TVector.Load(x + i), a, b), y + i);
            }

            elements.X = x + i;
            elements.Y = y + i;
            elements.Left = n - i;
            return i == n;
        }
    }

    private struct Elements
    {
        internal float* X;
        internal float* Y;
        internal nint Left;
        internal float Alpha;
        internal float Beta;
    }
}
