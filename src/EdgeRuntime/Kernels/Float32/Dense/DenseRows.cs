using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Dense;

/// <summary>
/// Dense over many rows on the weights of <see cref="DensePanels{TVector}"/>, for processors of 16 vector registers: six rows and two panels stay
/// in them, and a part of the depth at a time, whose weights stay in the nearest cache while all rows pass them. Sums are added in the order
/// of the depth, whatever its parts.
/// </summary>
internal static unsafe class DenseRows<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    private const int Tile = 6;

    // Two panels of so much depth take half of the nearest cache.
    private const int DepthAtOnce = 256;

    // A smaller depth stays in the nearest caches as a whole.
    private const int LargestWholeDepth = 512;

    /// <summary>Whether it is faster than whole depths.</summary>
    internal static bool Pays(in DenseArguments a) => TVector.Registers < 32 && a.Rows >= Tile && a.Depth > LargestWholeDepth;

    internal static void Run(in DenseArguments a)
    {
        for (int start = 0; start < a.Depth; start += DepthAtOnce)
        {
            float* weights = a.Weights;
            float* bias = a.Bias;
            float* y = a.Output;
            int panels = DensePanels<TVector>.PaddedUnits(a.Units) / TVector.Count;
            int left = a.Units;
            while (panels > 0)
            {
                int group = DensePanels<TVector>.Group(panels);
                if (group == 1)
                {
                    LastPanel(in a, start, weights, bias, y, left);
                }

                for (int panel = 0; panel + 1 < group; panel += 2)
                {
                    int offset = panel * TVector.Count;
                    float* w = weights + ((((nint)start * group) + panel) * TVector.Count);
                    for (int row = 0; row < a.Rows; row += Tile)
                    {
                        SixByTwo(in a, start, row, w, group * TVector.Count, bias + offset, y + offset, left - offset);
                    }
                }

                weights += (nint)a.Depth * group * TVector.Count;
                bias += group * TVector.Count;
                y += group * TVector.Count;
                left -= group * TVector.Count;
                panels -= group;
            }
        }
    }

    // A single panel takes its whole depth at once.
    private static void LastPanel(in DenseArguments a, int start, float* w, float* bias, float* y, int left)
    {
        for (int row = 0; row < a.Rows && start == 0;)
        {
            float* x = a.Input + ((nint)row * a.Depth);
            float* to = y + ((nint)row * a.Units);
            if (a.Rows - row >= 4)
            {
                DensePanels<TVector>.FourByOne(in a, x, w, bias, to, left);
                row += 4;
            }
            else
            {
                DensePanels<TVector>.RowOne(in a, x, w, bias, to, left);
                row++;
            }
        }
    }

    // What a tile has beyond the last row is that row again: it reads and writes the same.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint At(in DenseArguments a, int row) => Math.Min(row, a.Rows - 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixByTwo(in DenseArguments a, nint start, int row, float* w, nint step, float* bias, float* y, int left)
    {
        nint depth = a.Depth;
        nint units = a.Units;
        float* x = a.Input + start;
        float* x0 = x + (row * depth);
        float* x1 = x + (At(in a, row + 1) * depth);
        float* x2 = x + (At(in a, row + 2) * depth);
        float* x3 = x + (At(in a, row + 3) * depth);
        float* x4 = x + (At(in a, row + 4) * depth);
        float* x5 = x + (At(in a, row + 5) * depth);
        float* y0 = y + (row * units);
        float* y1 = y + (At(in a, row + 1) * units);
        float* y2 = y + (At(in a, row + 2) * units);
        float* y3 = y + (At(in a, row + 3) * units);
        float* y4 = y + (At(in a, row + 4) * units);
        float* y5 = y + (At(in a, row + 5) * units);
        TVector s00, s01, s10, s11, s20, s21, s30, s31, s40, s41, s50, s51;
        if (start == 0)
        {
            s00 = s10 = s20 = s30 = s40 = s50 = TVector.Load(bias);
            s01 = s11 = s21 = s31 = s41 = s51 = TVector.Load(bias + TVector.Count);
        }
        else
        {
            s00 = TVector.Load(y0);
            s01 = TVector.Load(y0 + TVector.Count);
            s10 = TVector.Load(y1);
            s11 = TVector.Load(y1 + TVector.Count);
            s20 = TVector.Load(y2);
            s21 = TVector.Load(y2 + TVector.Count);
            s30 = TVector.Load(y3);
            s31 = TVector.Load(y3 + TVector.Count);
            s40 = TVector.Load(y4);
            s41 = TVector.Load(y4 + TVector.Count);
            s50 = TVector.Load(y5);
            s51 = TVector.Load(y5 + TVector.Count);
        }

        nint length = Math.Min(DepthAtOnce, depth - start);
        for (nint i = 0; i < length; i++)
        {
            TVector w0 = TVector.Load(w);
            TVector w1 = TVector.Load(w + TVector.Count);
            TVector input = x0[i];
            s00 = TVector.MultiplyAdd(input, w0, s00);
            s01 = TVector.MultiplyAdd(input, w1, s01);
            input = x1[i];
            s10 = TVector.MultiplyAdd(input, w0, s10);
            s11 = TVector.MultiplyAdd(input, w1, s11);
            input = x2[i];
            s20 = TVector.MultiplyAdd(input, w0, s20);
            s21 = TVector.MultiplyAdd(input, w1, s21);
            input = x3[i];
            s30 = TVector.MultiplyAdd(input, w0, s30);
            s31 = TVector.MultiplyAdd(input, w1, s31);
            input = x4[i];
            s40 = TVector.MultiplyAdd(input, w0, s40);
            s41 = TVector.MultiplyAdd(input, w1, s41);
            input = x5[i];
            s50 = TVector.MultiplyAdd(input, w0, s50);
            s51 = TVector.MultiplyAdd(input, w1, s51);
            w += step;
        }

        // The activation is for whole sums.
        DenseArguments how = a;
        if (start + length < depth)
        {
            how.Relu = Elementwise.FusedReluKind.None;
        }

        DensePanels<TVector>.StoreTwo(in how, s00, s01, y0, left);
        DensePanels<TVector>.StoreTwo(in how, s10, s11, y1, left);
        DensePanels<TVector>.StoreTwo(in how, s20, s21, y2, left);
        DensePanels<TVector>.StoreTwo(in how, s30, s31, y3, left);
        DensePanels<TVector>.StoreTwo(in how, s40, s41, y4, left);
        DensePanels<TVector>.StoreTwo(in how, s50, s51, y5, left);
    }
}
