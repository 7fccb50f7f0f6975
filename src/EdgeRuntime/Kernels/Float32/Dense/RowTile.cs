using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Dense;

/// <summary>Rows that pass two panels of weights, over a part of the depth.</summary>
internal unsafe struct RowTile
{
    /// <summary>The part of the first row.</summary>
    internal float* X;
    internal nint XStride;
    internal nint Length;
    internal int Rows;

    /// <summary>Two panels side by side, and elements from one depth to the next.</summary>
    internal float* Weights;
    internal nint Step;

    /// <summary>What the sums of the first row begin with: the bias, the same for all rows, or the sums of the depth before.</summary>
    internal float* From;
    internal nint FromStride;
    internal float* To;
    internal nint ToStride;

    /// <summary>What sums are bounded by before they are stored: infinity where nothing is.</summary>
    internal float Least;
    internal float Most;

    /// <summary>Weights that are read next, or null; their lines are as far apart as <see cref="Step"/> says, one for each depth.</summary>
    internal float* Next;
}

/// <summary>
/// The innermost loop of a product of matrices on processors of 16 vector registers: six rows and two panels, whose twelve sums hide the latency of
/// a multiply-add, with two vectors of weights and one input. The last rows are four.
/// </summary>
internal static unsafe class RowTiles<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    internal const int Tallest = 6;

    private const int Shortest = 4;

    /// <summary>Sums of a part of the depth.</summary>
    internal static void Part(ref RowTile tile)
    {
        tile.Least = float.NegativeInfinity;
        tile.Most = float.PositiveInfinity;
        Run(ref tile);
    }

    /// <summary>Whole sums, through the activation.</summary>
    /// <param name="a">The activation.</param>
    /// <param name="tile">Rows.</param>
    /// <param name="left">Outputs from these panels on.</param>
    internal static void Last(in DenseArguments a, ref RowTile tile, int left)
    {
        if (left < 2 * TVector.Count || a.Relu == FusedReluKind.LeakyReLU)
        {
            LastApart(in a, ref tile, left);
            return;
        }

        tile.Least = a.Relu == FusedReluKind.None ? float.NegativeInfinity : 0f;
        tile.Most = a.Relu == FusedReluKind.ReLU6 ? 6f : float.PositiveInfinity;
        Run(ref tile);
    }

    // What is not two whole vectors, or no bound, is done on sums in memory.
    private static void LastApart(in DenseArguments a, ref RowTile tile, int left)
    {
        float* sums = stackalloc float[Tallest * 2 * TVector.Count];
        float* y = tile.To;
        tile.Next = null;
        nint stride = tile.ToStride;
        for (int rows = tile.Rows; rows > 0; rows -= Tallest)
        {
            tile.Rows = Math.Min(rows, Tallest);
            tile.To = sums;
            tile.ToStride = 2 * TVector.Count;
            Part(ref tile);
            for (int row = 0; row < Math.Min(rows, Tallest); row++, y += stride)
            {
                float* sum = sums + (row * 2 * TVector.Count);
                DensePanels<TVector>.StoreTwo(in a, TVector.Load(sum), TVector.Load(sum + TVector.Count), y, left);
            }
        }
    }

    private static void Run(ref RowTile tile)
    {
        int tiles = (tile.Rows + Tallest - 1) / Tallest;
        nint ahead = tile.Next == null ? 0 : (tile.Length + tiles - 1) / tiles;
        for (; tile.Rows > 0; tile.Rows -= Tallest)
        {
            Prefetch.Lines(tile.Next, tile.Step, ahead);
            tile.Next += ahead * tile.Step;
            if (tile.Rows > Shortest)
            {
                Six(in tile);
            }
            else
            {
                Four(in tile);
            }

            tile.X += Tallest * tile.XStride;
            tile.From += Tallest * tile.FromStride;
            tile.To += Tallest * tile.ToStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(in RowTile tile)
    {
        nint last = tile.Rows - 1;
        nint stride = tile.FromStride;
        float* from = tile.From;
        TVector s00 = TVector.Load(from);
        TVector s01 = TVector.Load(from + TVector.Count);
        float* from1 = from + stride;
        TVector s10 = TVector.Load(from1);
        TVector s11 = TVector.Load(from1 + TVector.Count);
        float* from2 = from1 + stride;
        TVector s20 = TVector.Load(from2);
        TVector s21 = TVector.Load(from2 + TVector.Count);
        float* from3 = from2 + stride;
        TVector s30 = TVector.Load(from3);
        TVector s31 = TVector.Load(from3 + TVector.Count);
        float* from4 = from3 + stride;
        TVector s40 = TVector.Load(from4);
        TVector s41 = TVector.Load(from4 + TVector.Count);
        float* from5 = from + (Math.Min(5, last) * stride);
        TVector s50 = TVector.Load(from5);
        TVector s51 = TVector.Load(from5 + TVector.Count);

        stride = tile.XStride;
        float* x0 = tile.X;
        float* x1 = x0 + stride;
        float* x2 = x1 + stride;
        float* x3 = x2 + stride;
        float* x4 = x3 + stride;
        float* x5 = x0 + (Math.Min(5, last) * stride);
        float* w = tile.Weights;
        nint step = tile.Step;
        nint length = tile.Length;
        for (nint i = 0; i < length; i++)
        {
            TVector w0 = TVector.Load(w);
            TVector w1 = TVector.Load(w + TVector.Count);
            TVector x = x0[i];
            s00 = TVector.MultiplyAdd(x, w0, s00);
            s01 = TVector.MultiplyAdd(x, w1, s01);
            x = x1[i];
            s10 = TVector.MultiplyAdd(x, w0, s10);
            s11 = TVector.MultiplyAdd(x, w1, s11);
            x = x2[i];
            s20 = TVector.MultiplyAdd(x, w0, s20);
            s21 = TVector.MultiplyAdd(x, w1, s21);
            x = x3[i];
            s30 = TVector.MultiplyAdd(x, w0, s30);
            s31 = TVector.MultiplyAdd(x, w1, s31);
            x = x4[i];
            s40 = TVector.MultiplyAdd(x, w0, s40);
            s41 = TVector.MultiplyAdd(x, w1, s41);
            x = x5[i];
            s50 = TVector.MultiplyAdd(x, w0, s50);
            s51 = TVector.MultiplyAdd(x, w1, s51);
            w += step;
        }

        // What a tile has beyond the last row is that row again: it reads and writes the same.
        stride = tile.ToStride;
        float* to = tile.To;
        TVector least = tile.Least;
        TVector most = tile.Most;
        Store(s00, s01, least, most, to);
        Store(s10, s11, least, most, to + stride);
        Store(s20, s21, least, most, to + (2 * stride));
        Store(s30, s31, least, most, to + (3 * stride));
        Store(s40, s41, least, most, to + (4 * stride));
        Store(s50, s51, least, most, to + (Math.Min(5, last) * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(in RowTile tile)
    {
        nint last = tile.Rows - 1;
        nint second = Math.Min(1, last);
        nint third = Math.Min(2, last);
        float* from = tile.From;
        TVector s00 = TVector.Load(from);
        TVector s01 = TVector.Load(from + TVector.Count);
        TVector s10 = TVector.Load(from + (second * tile.FromStride));
        TVector s11 = TVector.Load(from + (second * tile.FromStride) + TVector.Count);
        TVector s20 = TVector.Load(from + (third * tile.FromStride));
        TVector s21 = TVector.Load(from + (third * tile.FromStride) + TVector.Count);
        TVector s30 = TVector.Load(from + (last * tile.FromStride));
        TVector s31 = TVector.Load(from + (last * tile.FromStride) + TVector.Count);
        float* x0 = tile.X;
        float* x1 = x0 + (second * tile.XStride);
        float* x2 = x0 + (third * tile.XStride);
        float* x3 = x0 + (last * tile.XStride);
        float* w = tile.Weights;
        nint step = tile.Step;
        nint length = tile.Length;
        for (nint i = 0; i < length; i++)
        {
            TVector w0 = TVector.Load(w);
            TVector w1 = TVector.Load(w + TVector.Count);
            TVector x = x0[i];
            s00 = TVector.MultiplyAdd(x, w0, s00);
            s01 = TVector.MultiplyAdd(x, w1, s01);
            x = x1[i];
            s10 = TVector.MultiplyAdd(x, w0, s10);
            s11 = TVector.MultiplyAdd(x, w1, s11);
            x = x2[i];
            s20 = TVector.MultiplyAdd(x, w0, s20);
            s21 = TVector.MultiplyAdd(x, w1, s21);
            x = x3[i];
            s30 = TVector.MultiplyAdd(x, w0, s30);
            s31 = TVector.MultiplyAdd(x, w1, s31);
            w += step;
        }

        float* to = tile.To;
        TVector least = tile.Least;
        TVector most = tile.Most;
        Store(s00, s01, least, most, to);
        Store(s10, s11, least, most, to + (second * tile.ToStride));
        Store(s20, s21, least, most, to + (third * tile.ToStride));
        Store(s30, s31, least, most, to + (last * tile.ToStride));
    }

    // As the activation does it: what is not a number stays, and so does −0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector s0, TVector s1, TVector least, TVector most, float* to)
    {
        TVector.Store(TVector.Smaller(most, TVector.Larger(least, s0)), to);
        TVector.Store(TVector.Smaller(most, TVector.Larger(least, s1)), to + TVector.Count);
    }
}
