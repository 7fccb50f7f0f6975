using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Int8.Dot;

namespace EdgeInference.Runtime.Kernels.Int8.Dense;

/// <summary>
/// int8 Dense with packed weights, outputs across the lanes: weights lie in groups of four panels (one vector of sums
/// each) while there are that many, then two, then one; within a group [steps][panels][vector].
/// </summary>
internal static unsafe class DensePanels<TLanes>
    where TLanes : struct, IDotLanes<TLanes>
{
    // Bytes of a vector of weights. Not inlined, it would cost more than a step.
    private static int VectorBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Count * TLanes.Group;
    }

    internal static int PaddedUnits(int units) => (units + TLanes.Count - 1) / TLanes.Count * TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Steps(int depth) => (int)((uint)(depth + TLanes.Group - 1) / (uint)TLanes.Group);

    internal static long WeightBytes(DensePacking packing) => (long)PaddedUnits(packing.Units) * Steps(packing.SegmentDepth) * packing.Segments * TLanes.Group;

    /// <summary>Packs row-major [units, depth] weights; units beyond the last, and inputs beyond the last of a segment, are zero.</summary>
    internal static void PackWeights(byte* destination, DensePacking packing)
    {
        int panels = PaddedUnits(packing.Units) / TLanes.Count;
        for (int panel = 0; panel < panels;)
        {
            int group = Group(panels - panel);
            for (int segment = 0; segment < packing.Segments; segment++)
            {
                int end = (segment + 1) * packing.SegmentDepth;
                for (int input = end - packing.SegmentDepth; input < end; input += TLanes.Group)
                {
                    for (int member = 0; member < group; member++)
                    {
                        PackVector(destination, packing, (panel + member) * TLanes.Count, input, end);
                        destination += VectorBytes;
                    }
                }
            }

            panel += group;
        }
    }

    /// <summary>Packs the bias with the input's zero point and offset folded in.</summary>
    internal static void PackBias(byte* destination, DensePacking packing)
    {
        for (int unit = 0; unit < packing.Units; unit++)
        {
            ((int*)destination)[unit] = packing.FoldedBias(unit, TLanes.InputOffset);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(void* pointer)
    {
        DenseArguments* a = (DenseArguments*)pointer;
        sbyte* x = a->Input;
        byte* y = a->Output;
        for (int left = a->Rows; left > 0;)
        {
            byte* inputs = (byte*)x;
            if (TLanes.Size == 2)
            {
                TLanes.Prepare(x, a->Prepared, a->Depth);
                inputs = a->Prepared;
            }

            Row(a, inputs);
            Requantizer.Rows(a->Requantize, a->Sums, 0, 1, &a->Requantization, y, 0, a->Units);
            if (--left == 0)
            {
                return;
            }

            x += a->Depth;
            y += a->OutputBytes;
        }
    }

    internal static int Group(int panels) => panels >= 4 ? 4 : panels >= 2 ? 2 : 1;

    private static void PackVector(byte* destination, DensePacking packing, int firstUnit, int firstInput, int endInput)
    {
        for (int lane = 0; lane < TLanes.Count && firstUnit + lane < packing.Units; lane++)
        {
            sbyte* weights = packing.Weights + ((long)(firstUnit + lane) * packing.Depth);
            for (int i = 0; i < TLanes.Group && firstInput + i < endInput; i++)
            {
                ((sbyte*)destination)[TLanes.Slot(lane, i)] = weights[firstInput + i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(DenseArguments* a, byte* x)
    {
        byte* w = a->Weights;
        int* bias = a->Bias;
        int* sums = a->Sums;
        nint steps = Steps(a->Depth);
        int left = a->Units;
        for (; left > 3 * TLanes.Count; left -= 4 * TLanes.Count)
        {
            Four(x, w, bias, sums, steps);
            w += steps * 4 * VectorBytes;
            bias += 4 * TLanes.Count;
            sums += 4 * TLanes.Count;
        }

        if (left > TLanes.Count)
        {
            Two(x, w, bias, sums, steps);
            w += steps * 2 * VectorBytes;
            bias += 2 * TLanes.Count;
            sums += 2 * TLanes.Count;
            left -= 2 * TLanes.Count;
        }

        if (left > 0)
        {
            One(x, w, bias, sums, steps);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(byte* x, byte* w, int* bias, int* sums, nint steps)
    {
        TLanes s0 = TLanes.Load(bias);
        TLanes s1 = TLanes.Load(bias + TLanes.Count);
        TLanes s2 = TLanes.Load(bias + (2 * TLanes.Count));
        TLanes s3 = TLanes.Load(bias + (3 * TLanes.Count));
        TLanes t0 = default, t1 = default, t2 = default, t3 = default;
        int stride = TLanes.Group * TLanes.Size;
        byte* end = x + ((steps & ~1) * stride);
        for (; x < end; x += 2 * stride)
        {
            TLanes first = TLanes.Broadcast(x);
            s0 = TLanes.MultiplyAdd(s0, first, TLanes.LoadWeights(w));
            s1 = TLanes.MultiplyAdd(s1, first, TLanes.LoadWeights(w + VectorBytes));
            s2 = TLanes.MultiplyAdd(s2, first, TLanes.LoadWeights(w + (2 * VectorBytes)));
            s3 = TLanes.MultiplyAdd(s3, first, TLanes.LoadWeights(w + (3 * VectorBytes)));
            TLanes second = TLanes.Broadcast(x + stride);
            t0 = TLanes.MultiplyAdd(t0, second, TLanes.LoadWeights(w + (4 * VectorBytes)));
            t1 = TLanes.MultiplyAdd(t1, second, TLanes.LoadWeights(w + (5 * VectorBytes)));
            t2 = TLanes.MultiplyAdd(t2, second, TLanes.LoadWeights(w + (6 * VectorBytes)));
            t3 = TLanes.MultiplyAdd(t3, second, TLanes.LoadWeights(w + (7 * VectorBytes)));
            w += 8 * VectorBytes;
        }

        if ((steps & 1) != 0)
        {
            TLanes last = TLanes.Broadcast(x);
            s0 = TLanes.MultiplyAdd(s0, last, TLanes.LoadWeights(w));
            s1 = TLanes.MultiplyAdd(s1, last, TLanes.LoadWeights(w + VectorBytes));
            s2 = TLanes.MultiplyAdd(s2, last, TLanes.LoadWeights(w + (2 * VectorBytes)));
            s3 = TLanes.MultiplyAdd(s3, last, TLanes.LoadWeights(w + (3 * VectorBytes)));
        }

        TLanes.Store(s0 + t0, sums);
        TLanes.Store(s1 + t1, sums + TLanes.Count);
        TLanes.Store(s2 + t2, sums + (2 * TLanes.Count));
        TLanes.Store(s3 + t3, sums + (3 * TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(byte* x, byte* w, int* bias, int* sums, nint steps)
    {
        TLanes s0 = TLanes.Load(bias);
        TLanes s1 = TLanes.Load(bias + TLanes.Count);
        TLanes t0 = default, t1 = default;
        int stride = TLanes.Group * TLanes.Size;
        byte* end = x + ((steps & ~1) * stride);
        for (; x < end; x += 2 * stride)
        {
            TLanes first = TLanes.Broadcast(x);
            s0 = TLanes.MultiplyAdd(s0, first, TLanes.LoadWeights(w));
            s1 = TLanes.MultiplyAdd(s1, first, TLanes.LoadWeights(w + VectorBytes));
            TLanes second = TLanes.Broadcast(x + stride);
            t0 = TLanes.MultiplyAdd(t0, second, TLanes.LoadWeights(w + (2 * VectorBytes)));
            t1 = TLanes.MultiplyAdd(t1, second, TLanes.LoadWeights(w + (3 * VectorBytes)));
            w += 4 * VectorBytes;
        }

        if ((steps & 1) != 0)
        {
            TLanes last = TLanes.Broadcast(x);
            s0 = TLanes.MultiplyAdd(s0, last, TLanes.LoadWeights(w));
            s1 = TLanes.MultiplyAdd(s1, last, TLanes.LoadWeights(w + VectorBytes));
        }

        TLanes.Store(s0 + t0, sums);
        TLanes.Store(s1 + t1, sums + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(byte* x, byte* w, int* bias, int* sums, nint steps)
    {
        TLanes s0 = TLanes.Load(bias);
        TLanes s1 = default, s2 = default, s3 = default;
        int stride = TLanes.Group * TLanes.Size;
        byte* end = x + ((steps & ~3) * stride);
        byte* stop = x + (steps * stride);
        for (; x < end; x += 4 * stride)
        {
            s0 = TLanes.MultiplyAdd(s0, TLanes.Broadcast(x), TLanes.LoadWeights(w));
            s1 = TLanes.MultiplyAdd(s1, TLanes.Broadcast(x + stride), TLanes.LoadWeights(w + VectorBytes));
            s2 = TLanes.MultiplyAdd(s2, TLanes.Broadcast(x + (2 * stride)), TLanes.LoadWeights(w + (2 * VectorBytes)));
            s3 = TLanes.MultiplyAdd(s3, TLanes.Broadcast(x + (3 * stride)), TLanes.LoadWeights(w + (3 * VectorBytes)));
            w += 4 * VectorBytes;
        }

        for (; x < stop; x += stride)
        {
            s0 = TLanes.MultiplyAdd(s0, TLanes.Broadcast(x), TLanes.LoadWeights(w));
            w += VectorBytes;
        }

        TLanes.Store(s0 + s1 + (s2 + s3), sums);
    }
}
