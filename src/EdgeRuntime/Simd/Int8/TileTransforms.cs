using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Simd.Int8;

/// <summary>
/// Winograd's minimal filtering F(2×2, 3×3) in integers: four outputs of a window of 3×3 from 16 products instead of 36 (Lavin and Gray, "Fast
/// Algorithms for Convolutional Neural Networks", 2016). With weights doubled along either axis nothing is divided on the way: the products add
/// up to four times each output, exactly.
/// </summary>
internal static unsafe class TileTransforms
{
    /// <summary>Elements of a tile along either axis, four of them for two outputs.</summary>
    internal const int Side = 4;

    /// <summary>What <see cref="Rows"/> may read and write beyond n elements.</summary>
    internal const int Room = 64;

    /// <summary>Weights of three neighbours as those of the four sums that <see cref="Columns"/> and <see cref="Rows"/> make, doubled.</summary>
    internal static int Weight(int position, int w0, int w1, int w2) => position switch
    {
        0 => 2 * w0,
        1 => w0 + w1 + w2,
        2 => w0 - w1 + w2,
        _ => 2 * w2,
    };

    /// <summary>Four rows of n elements as four rows of sums and differences, <paramref name="stride"/> from one to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows(sbyte* first, nint rowElements, short* sums, nint stride, nint n)
    {
        sbyte* second = first + rowElements;
        sbyte* third = second + rowElements;
        sbyte* fourth = third + rowElements;
        for (nint i = 0; i < n; i += Vector<sbyte>.Count)
        {
            Vector.Widen(Vector.Load(first + i), out Vector<short> low0, out Vector<short> high0);
            Vector.Widen(Vector.Load(second + i), out Vector<short> low1, out Vector<short> high1);
            Vector.Widen(Vector.Load(third + i), out Vector<short> low2, out Vector<short> high2);
            Vector.Widen(Vector.Load(fourth + i), out Vector<short> low3, out Vector<short> high3);
            short* to = sums + i;
            (low0 - low2).Store(to);
            (high0 - high2).Store(to + Vector<short>.Count);
            to += stride;
            (low1 + low2).Store(to);
            (high1 + high2).Store(to + Vector<short>.Count);
            to += stride;
            (low2 - low1).Store(to);
            (high2 - high1).Store(to + Vector<short>.Count);
            to += stride;
            (low1 - low3).Store(to);
            (high1 - high3).Store(to + Vector<short>.Count);
        }
    }

    /// <summary>Four neighbours in a row that <see cref="Rows"/> made, with all their channels, as four sums and differences, <paramref name="stride"/> from one to the next.</summary>
    /// <param name="x">The first of the four.</param>
    /// <param name="channels">Channels, whole vectors of them.</param>
    /// <param name="sums">The first sum.</param>
    /// <param name="stride">Elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Columns(short* x, nint channels, short* sums, nint stride)
    {
        for (nint i = 0; i < channels; i += Vector<short>.Count)
        {
            Vector<short> x0 = Vector.Load(x + i);
            Vector<short> x1 = Vector.Load(x + channels + i);
            Vector<short> x2 = Vector.Load(x + (2 * channels) + i);
            Vector<short> x3 = Vector.Load(x + (3 * channels) + i);
            (x0 - x2).Store(sums + i);
            (x1 + x2).Store(sums + stride + i);
            (x2 - x1).Store(sums + (2 * stride) + i);
            (x1 - x3).Store(sums + (3 * stride) + i);
        }
    }

    /// <summary>The 2×2 outputs of a tile, with the bias, from its 16 products, <paramref name="stride"/> from one to the next.</summary>
    /// <param name="products">Of n units each.</param>
    /// <param name="stride">int32 values.</param>
    /// <param name="bias">Of n units.</param>
    /// <param name="upper">The two outputs above, <paramref name="pixel"/> from one to the next.</param>
    /// <param name="lower">Those below.</param>
    /// <param name="pixel">int32 values.</param>
    /// <param name="n">Units, whole vectors of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Outputs(int* products, nint stride, int* bias, int* upper, int* lower, nint pixel, nint n)
    {
        for (nint i = 0; i < n; i += Vector<int>.Count)
        {
            int* from = products + i;
            (Vector<int> u0, Vector<int> l0) = Pair(from, Side * stride);
            (Vector<int> u1, Vector<int> l1) = Pair(from + stride, Side * stride);
            (Vector<int> u2, Vector<int> l2) = Pair(from + (2 * stride), Side * stride);
            (Vector<int> u3, Vector<int> l3) = Pair(from + (3 * stride), Side * stride);
            Vector<int> start = Vector.Load(bias + i);
            (start + ((u0 + u1 + u2) >> 2)).Store(upper + i);
            (start + ((u1 - u2 - u3) >> 2)).Store(upper + pixel + i);
            (start + ((l0 + l1 + l2) >> 2)).Store(lower + i);
            (start + ((l1 - l2 - l3) >> 2)).Store(lower + pixel + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<int> Upper, Vector<int> Lower) Pair(int* products, nint stride)
    {
        Vector<int> p1 = Vector.Load(products + stride);
        Vector<int> p2 = Vector.Load(products + (2 * stride));
        return (Vector.Load(products) + p1 + p2, p1 - p2 - Vector.Load(products + (3 * stride)));
    }
}
