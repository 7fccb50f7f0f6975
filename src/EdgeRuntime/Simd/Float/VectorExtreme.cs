using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>The larger or the smaller of two numbers.</summary>
internal interface IChoice
{
    static abstract TVector Of<TVector>(TVector a, TVector b)
        where TVector : struct, IFloatVector<TVector>;
}

/// <summary>The larger. Any number where one of several is NaN.</summary>
internal readonly struct LargerIfNumbers : IChoice
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector>(TVector a, TVector b)
        where TVector : struct, IFloatVector<TVector>
        => TVector.Larger(a, b);
}

/// <summary>The larger; NaN where one is.</summary>
internal readonly struct Larger : IChoice
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector>(TVector a, TVector b)
        where TVector : struct, IFloatVector<TVector>
        => TVector.Max(a, b);
}

/// <summary>The smaller; NaN where one is.</summary>
internal readonly struct Smaller : IChoice
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector>(TVector a, TVector b)
        where TVector : struct, IFloatVector<TVector>
        => -TVector.Max(-a, -b);
}

/// <summary>The largest or the smallest of many float32.</summary>
internal static unsafe class VectorExtreme<TChoice>
    where TChoice : struct, IChoice
{
    /// <summary>Of n elements, 1 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Of(float* x, nint n)
    {
        var row = new Row { X = x, Left = n, Best = x[0] };
        FloatLadder.All<Step, Row>(ref row);
        return row.Best;
    }

    private readonly struct Step : IFloatStep<Row>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Run<TVector>(ref Row row)
            where TVector : struct, IFloatVector<TVector>
            => row.Left >= TVector.Count && Loop<TVector>(ref row);

        // Four side by side, so that their latencies overlap.
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static bool Loop<TVector>(ref Row row)
            where TVector : struct, IFloatVector<TVector>
        {
            float* x = row.X;
            nint n = row.Left;
            TVector a = row.Best, b = row.Best, c = row.Best, d = row.Best;
            nint i = 0;
            for (; i <= n - (4 * TVector.Count); i += 4 * TVector.Count)
            {
                a = TChoice.Of(a, TVector.Load(x + i));
                b = TChoice.Of(b, TVector.Load(x + i + TVector.Count));
                c = TChoice.Of(c, TVector.Load(x + i + (2 * TVector.Count)));
                d = TChoice.Of(d, TVector.Load(x + i + (3 * TVector.Count)));
            }

            for (; i <= n - TVector.Count; i += TVector.Count)
            {
                a = TChoice.Of(a, TVector.Load(x + i));
            }

            float* lanes = stackalloc float[TVector.Count];
            TVector.Store(TChoice.Of(TChoice.Of(a, b), TChoice.Of(c, d)), lanes);
            FloatScalar best = row.Best;
            for (int k = 0; k < TVector.Count; k++)
            {
                best = TChoice.Of<FloatScalar>(best, lanes[k]);
            }

            row.Best = FloatScalar.Sum(best);
            row.X = x + i;
            row.Left = n - i;
            return i == n;
        }
    }

    private struct Row
    {
        internal float* X;
        internal nint Left;
        internal float Best;
    }
}
