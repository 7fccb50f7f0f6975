using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Dense;

/// <summary>
/// Dense with packed weights: outputs across the lanes of a vector, inputs broadcast, no horizontal sums. Weights lie in
/// groups of four panels (one vector of outputs each) while there are that many, then two, then one; within a group
/// [depth][panels][lanes], so that a group is read as one stream.
/// </summary>
internal static unsafe class DensePanels<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    private const int WidestGroup = 4;

    internal static int PaddedUnits(int units) => (units + TVector.Count - 1) / TVector.Count * TVector.Count;

    internal static int WeightBytes(int units, int depth) => PaddedUnits(units) * depth * sizeof(float);

    /// <summary>Packs row-major [units, depth] weights; units beyond the last are zero.</summary>
    internal static void PackWeights(byte* destination, DensePacking packing)
    {
        float* target = (float*)destination;
        int panels = PaddedUnits(packing.Units) / TVector.Count;
        for (int panel = 0; panel < panels;)
        {
            int group = Group(panels - panel);
            for (int i = 0; i < packing.Depth; i++)
            {
                for (int lane = 0; lane < group * TVector.Count; lane++)
                {
                    int unit = (panel * TVector.Count) + lane;
                    *target++ = unit < packing.Units ? packing.Weights[((long)unit * packing.Depth) + i] : 0f;
                }
            }

            panel += group;
        }
    }

    /// <summary>Packs the bias, zero where there is none.</summary>
    internal static void PackBias(byte* destination, DensePacking packing)
    {
        for (int unit = 0; packing.Bias != null && unit < packing.Units; unit++)
        {
            ((float*)destination)[unit] = packing.Bias[unit];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(void* pointer)
    {
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
        if (a.Rows == 1)
        {
            Row(in a, a.Input, a.Output);
        }
        else if (DenseRows<TVector>.Pays(in a))
        {
            DenseRows<TVector>.Run(in a);
        }
        else
        {
            Rows(in a);
        }

        if (a.Activation != null)
        {
            a.Activation(a.Output, a.Output, (nint)a.Rows * a.Units, a.Alpha, a.Beta);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Group(int panels) => panels >= WidestGroup ? WidestGroup : panels >= 2 ? 2 : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(in DenseArguments a, float* x, float* y)
    {
        float* weights = a.Weights;
        float* bias = a.Bias;
        nint depth = a.Depth;
        int left = a.Units;
        for (; left > 3 * TVector.Count; left -= 4 * TVector.Count)
        {
            RowFour(in a, x, weights, bias, y, left);
            weights += depth * 4 * TVector.Count;
            bias += 4 * TVector.Count;
            y += 4 * TVector.Count;
        }

        if (left > TVector.Count)
        {
            RowTwo(in a, x, weights, bias, y, left);
            weights += depth * 2 * TVector.Count;
            bias += 2 * TVector.Count;
            y += 2 * TVector.Count;
            left -= 2 * TVector.Count;
        }

        if (left > 0)
        {
            RowOne(in a, x, weights, bias, y, left);
        }
    }

    // Two sets of sums keep eight multiply-adds in flight: four cycles of latency times two a cycle.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowFour(in DenseArguments a, float* x, float* w, float* bias, float* y, int left)
    {
        TVector s0 = TVector.Load(bias);
        TVector s1 = TVector.Load(bias + TVector.Count);
        TVector s2 = TVector.Load(bias + (2 * TVector.Count));
        TVector s3 = TVector.Load(bias + (3 * TVector.Count));
        TVector t0 = default;
        TVector t1 = default;
        TVector t2 = default;
        TVector t3 = default;
        nint depth = a.Depth;
        float* end = x + (depth & ~1);
        for (; x < end; x += 2)
        {
            TVector first = x[0];
            s0 = TVector.MultiplyAdd(first, TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(first, TVector.Load(w + TVector.Count), s1);
            s2 = TVector.MultiplyAdd(first, TVector.Load(w + (2 * TVector.Count)), s2);
            s3 = TVector.MultiplyAdd(first, TVector.Load(w + (3 * TVector.Count)), s3);
            TVector second = x[1];
            t0 = TVector.MultiplyAdd(second, TVector.Load(w + (4 * TVector.Count)), t0);
            t1 = TVector.MultiplyAdd(second, TVector.Load(w + (5 * TVector.Count)), t1);
            t2 = TVector.MultiplyAdd(second, TVector.Load(w + (6 * TVector.Count)), t2);
            t3 = TVector.MultiplyAdd(second, TVector.Load(w + (7 * TVector.Count)), t3);
            w += 8 * TVector.Count;
        }

        if ((depth & 1) != 0)
        {
            TVector last = x[0];
            s0 = TVector.MultiplyAdd(last, TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(last, TVector.Load(w + TVector.Count), s1);
            s2 = TVector.MultiplyAdd(last, TVector.Load(w + (2 * TVector.Count)), s2);
            s3 = TVector.MultiplyAdd(last, TVector.Load(w + (3 * TVector.Count)), s3);
        }

        Store(in a, s0 + t0, y);
        Store(in a, s1 + t1, y + TVector.Count);
        Store(in a, s2 + t2, y + (2 * TVector.Count));
        StoreLast(in a, s3 + t3, y + (3 * TVector.Count), left - (3 * TVector.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowTwo(in DenseArguments a, float* x, float* w, float* bias, float* y, int left)
    {
        TVector s0 = TVector.Load(bias);
        TVector s1 = TVector.Load(bias + TVector.Count);
        TVector t0 = default;
        TVector t1 = default;
        TVector u0 = default;
        TVector u1 = default;
        TVector v0 = default;
        TVector v1 = default;
        nint depth = a.Depth;
        float* end = x + (depth & ~3);
        float* stop = x + depth;
        for (; x < end; x += 4)
        {
            TVector x0 = x[0];
            s0 = TVector.MultiplyAdd(x0, TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(x0, TVector.Load(w + TVector.Count), s1);
            TVector x1 = x[1];
            t0 = TVector.MultiplyAdd(x1, TVector.Load(w + (2 * TVector.Count)), t0);
            t1 = TVector.MultiplyAdd(x1, TVector.Load(w + (3 * TVector.Count)), t1);
            TVector x2 = x[2];
            u0 = TVector.MultiplyAdd(x2, TVector.Load(w + (4 * TVector.Count)), u0);
            u1 = TVector.MultiplyAdd(x2, TVector.Load(w + (5 * TVector.Count)), u1);
            TVector x3 = x[3];
            v0 = TVector.MultiplyAdd(x3, TVector.Load(w + (6 * TVector.Count)), v0);
            v1 = TVector.MultiplyAdd(x3, TVector.Load(w + (7 * TVector.Count)), v1);
            w += 8 * TVector.Count;
        }

        for (; x < stop; x++)
        {
            TVector last = x[0];
            s0 = TVector.MultiplyAdd(last, TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(last, TVector.Load(w + TVector.Count), s1);
            w += 2 * TVector.Count;
        }

        Store(in a, s0 + t0 + (u0 + v0), y);
        StoreLast(in a, s1 + t1 + (u1 + v1), y + TVector.Count, left - TVector.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void RowOne(in DenseArguments a, float* x, float* w, float* bias, float* y, int left)
    {
        TVector s0 = TVector.Load(bias);
        TVector s1 = default;
        TVector s2 = default;
        TVector s3 = default;
        TVector s4 = default;
        TVector s5 = default;
        TVector s6 = default;
        TVector s7 = default;
        nint depth = a.Depth;
        float* end = x + (depth & ~7);
        float* stop = x + depth;
        for (; x < end; x += 8)
        {
            s0 = TVector.MultiplyAdd(x[0], TVector.Load(w), s0);
            s1 = TVector.MultiplyAdd(x[1], TVector.Load(w + TVector.Count), s1);
            s2 = TVector.MultiplyAdd(x[2], TVector.Load(w + (2 * TVector.Count)), s2);
            s3 = TVector.MultiplyAdd(x[3], TVector.Load(w + (3 * TVector.Count)), s3);
            s4 = TVector.MultiplyAdd(x[4], TVector.Load(w + (4 * TVector.Count)), s4);
            s5 = TVector.MultiplyAdd(x[5], TVector.Load(w + (5 * TVector.Count)), s5);
            s6 = TVector.MultiplyAdd(x[6], TVector.Load(w + (6 * TVector.Count)), s6);
            s7 = TVector.MultiplyAdd(x[7], TVector.Load(w + (7 * TVector.Count)), s7);
            w += 8 * TVector.Count;
        }

        // Up to seven are left: two chains, so that their latencies overlap.
        for (; x + 1 < stop; x += 2)
        {
            s1 = TVector.MultiplyAdd(x[0], TVector.Load(w), s1);
            s2 = TVector.MultiplyAdd(x[1], TVector.Load(w + TVector.Count), s2);
            w += 2 * TVector.Count;
        }

        if (x < stop)
        {
            s3 = TVector.MultiplyAdd(x[0], TVector.Load(w), s3);
        }

        TVector low = s0 + s4 + (s3 + s7);
        TVector high = s5 + s6 + (s1 + s2);
        StoreLast(in a, low + high, y, left);
    }

    // Panels outside and rows inside: a group of panels stays in the core's caches while all rows pass it.
    private static void Rows(in DenseArguments a)
    {
        float* weights = a.Weights;
        float* bias = a.Bias;
        float* y = a.Output;
        int panels = PaddedUnits(a.Units) / TVector.Count;
        int left = a.Units;
        int whole = a.Rows / 4 * 4;
        while (panels > 0)
        {
            int group = Group(panels);
            for (int row = 0; row < whole; row += 4)
            {
                FourRows(in a, a.Input + ((long)row * a.Depth), weights, bias, y + ((long)row * a.Units), group, left);
            }

            weights += (nint)a.Depth * group * TVector.Count;
            bias += group * TVector.Count;
            y += group * TVector.Count;
            left -= group * TVector.Count;
            panels -= group;
        }

        for (int row = whole; row < a.Rows; row++)
        {
            Row(in a, a.Input + ((long)row * a.Depth), a.Output + ((long)row * a.Units));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows(in DenseArguments a, float* x, float* weights, float* bias, float* y, int group, int left)
    {
        if (group == 1)
        {
            FourByOne(in a, x, weights, bias, y, left);
        }
        else if (group == WidestGroup && TVector.Registers >= 32)
        {
            FourByFour(in a, x, weights, bias, y, left);
        }
        else
        {
            for (int panel = 0; panel < group; panel += 2)
            {
                int offset = panel * TVector.Count;
                FourByTwo(in a, x, weights + offset, group * TVector.Count, bias + offset, y + offset, left - offset);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByFour(in DenseArguments a, float* x0, float* w, float* bias, float* y, int left)
    {
        nint depth = a.Depth;
        float* x1 = x0 + depth;
        float* x2 = x1 + depth;
        float* x3 = x2 + depth;
        TVector s00 = TVector.Load(bias);
        TVector s01 = TVector.Load(bias + TVector.Count);
        TVector s02 = TVector.Load(bias + (2 * TVector.Count));
        TVector s03 = TVector.Load(bias + (3 * TVector.Count));
        TVector s10 = s00, s11 = s01, s12 = s02, s13 = s03;
        TVector s20 = s00, s21 = s01, s22 = s02, s23 = s03;
        TVector s30 = s00, s31 = s01, s32 = s02, s33 = s03;
        for (nint i = 0; i < depth; i++)
        {
            TVector w0 = TVector.Load(w);
            TVector w1 = TVector.Load(w + TVector.Count);
            TVector w2 = TVector.Load(w + (2 * TVector.Count));
            TVector w3 = TVector.Load(w + (3 * TVector.Count));
            TVector x = x0[i];
            s00 = TVector.MultiplyAdd(x, w0, s00);
            s01 = TVector.MultiplyAdd(x, w1, s01);
            s02 = TVector.MultiplyAdd(x, w2, s02);
            s03 = TVector.MultiplyAdd(x, w3, s03);
            x = x1[i];
            s10 = TVector.MultiplyAdd(x, w0, s10);
            s11 = TVector.MultiplyAdd(x, w1, s11);
            s12 = TVector.MultiplyAdd(x, w2, s12);
            s13 = TVector.MultiplyAdd(x, w3, s13);
            x = x2[i];
            s20 = TVector.MultiplyAdd(x, w0, s20);
            s21 = TVector.MultiplyAdd(x, w1, s21);
            s22 = TVector.MultiplyAdd(x, w2, s22);
            s23 = TVector.MultiplyAdd(x, w3, s23);
            x = x3[i];
            s30 = TVector.MultiplyAdd(x, w0, s30);
            s31 = TVector.MultiplyAdd(x, w1, s31);
            s32 = TVector.MultiplyAdd(x, w2, s32);
            s33 = TVector.MultiplyAdd(x, w3, s33);
            w += 4 * TVector.Count;
        }

        StoreFour(in a, s00, s01, s02, s03, y, left);
        StoreFour(in a, s10, s11, s12, s13, y + a.Units, left);
        StoreFour(in a, s20, s21, s22, s23, y + (2 * (nint)a.Units), left);
        StoreFour(in a, s30, s31, s32, s33, y + (3 * (nint)a.Units), left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo(in DenseArguments a, float* x0, float* w, nint step, float* bias, float* y, int left)
    {
        nint depth = a.Depth;
        float* x1 = x0 + depth;
        float* x2 = x1 + depth;
        float* x3 = x2 + depth;
        TVector s00 = TVector.Load(bias);
        TVector s01 = TVector.Load(bias + TVector.Count);
        TVector s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
        for (nint i = 0; i < depth; i++)
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

        StoreTwo(in a, s00, s01, y, left);
        StoreTwo(in a, s10, s11, y + a.Units, left);
        StoreTwo(in a, s20, s21, y + (2 * (nint)a.Units), left);
        StoreTwo(in a, s30, s31, y + (3 * (nint)a.Units), left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FourByOne(in DenseArguments a, float* x0, float* w, float* bias, float* y, int left)
    {
        nint depth = a.Depth;
        float* x1 = x0 + depth;
        float* x2 = x1 + depth;
        float* x3 = x2 + depth;
        TVector s0 = TVector.Load(bias);
        TVector s1 = s0, s2 = s0, s3 = s0;
        TVector t0 = default, t1 = default, t2 = default, t3 = default;
        nint i = 0;
        for (; i < depth - 1; i += 2)
        {
            TVector w0 = TVector.Load(w);
            TVector w1 = TVector.Load(w + TVector.Count);
            s0 = TVector.MultiplyAdd(x0[i], w0, s0);
            s1 = TVector.MultiplyAdd(x1[i], w0, s1);
            s2 = TVector.MultiplyAdd(x2[i], w0, s2);
            s3 = TVector.MultiplyAdd(x3[i], w0, s3);
            t0 = TVector.MultiplyAdd(x0[i + 1], w1, t0);
            t1 = TVector.MultiplyAdd(x1[i + 1], w1, t1);
            t2 = TVector.MultiplyAdd(x2[i + 1], w1, t2);
            t3 = TVector.MultiplyAdd(x3[i + 1], w1, t3);
            w += 2 * TVector.Count;
        }

        if (i < depth)
        {
            TVector w0 = TVector.Load(w);
            s0 = TVector.MultiplyAdd(x0[i], w0, s0);
            s1 = TVector.MultiplyAdd(x1[i], w0, s1);
            s2 = TVector.MultiplyAdd(x2[i], w0, s2);
            s3 = TVector.MultiplyAdd(x3[i], w0, s3);
        }

        StoreLast(in a, s0 + t0, y, left);
        StoreLast(in a, s1 + t1, y + a.Units, left);
        StoreLast(in a, s2 + t2, y + (2 * (nint)a.Units), left);
        StoreLast(in a, s3 + t3, y + (3 * (nint)a.Units), left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreFour(in DenseArguments a, TVector s0, TVector s1, TVector s2, TVector s3, float* y, int left)
    {
        Store(in a, s0, y);
        Store(in a, s1, y + TVector.Count);
        Store(in a, s2, y + (2 * TVector.Count));
        StoreLast(in a, s3, y + (3 * TVector.Count), left - (3 * TVector.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreTwo(in DenseArguments a, TVector s0, TVector s1, float* y, int left)
    {
        Store(in a, s0, y);
        StoreLast(in a, s1, y + TVector.Count, left - TVector.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(in DenseArguments a, TVector x, float* y) => TVector.Store(FusedRelu.Of(x, a.Relu, a.Alpha), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreLast(in DenseArguments a, TVector x, float* y, int left)
    {
        x = FusedRelu.Of(x, a.Relu, a.Alpha);
        if (left >= TVector.Count)
        {
            TVector.Store(x, y);
        }
        else
        {
            TVector.StoreFirst(x, y, left);
        }
    }
}
