using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Int8.Dot;

namespace EdgeInference.Runtime.Kernels.Int8.Dense;

/// <summary>Room in which <see cref="DenseRows{TLanes}"/> works, and what it was made for.</summary>
internal unsafe struct DenseRowsRoom
{
    /// <summary>Inputs as the kernel multiplies them, row after row.</summary>
    internal byte* Inputs;

    /// <summary>Bytes from one row of them to the next.</summary>
    internal nint InputStride;

    /// <summary>The weights of a pair of panels as the kernel multiplies them, where they are widened.</summary>
    internal byte* Weights;
    internal int* Sums;
    internal int SumStride;
}

/// <summary>
/// int8 Dense over many rows on the weights of <see cref="DensePanels{TLanes}"/>: four rows and two panels stay in registers, so that each
/// weight that is read serves four rows; where the processor multiplies int16, each is widened once for a block of rows.
/// </summary>
internal static unsafe class DenseRows<TLanes>
    where TLanes : struct, IDotLanes<TLanes>
{
    /// <summary>Rows below which one at a time is as fast.</summary>
    internal const int MinRows = 4;

    private const int BlockRows = 32;

    // Rows of the widest tile: as many are written where fewer are left.
    private const int Tile = 8;

    // What is read and written beyond a row.
    private const int VectorRoom = 64;

    private static int VectorBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Count * TLanes.Group;
    }

    /// <summary>Reserves the room for a block of rows.</summary>
    internal static void Bind(in BindContext context, ref DenseArguments arguments)
    {
        int rows = (Math.Min(arguments.Rows, BlockRows) + Tile - 1) / Tile * Tile;
        int stride = Requantizer.Padded(arguments.Units);
        long inputStride = (arguments.Depth + VectorRoom) / VectorRoom * VectorRoom * TLanes.Size;
        arguments.Many = new DenseRowsRoom
        {
            Inputs = TLanes.Prepares ? context.Scratch((rows * inputStride) + VectorRoom) : null,
            InputStride = TLanes.Prepares ? (nint)inputStride : arguments.Depth,
            Weights = TLanes.Size == 2 ? context.Scratch((long)DensePanels<TLanes>.Steps(arguments.Depth) * 2 * VectorBytes * TLanes.Size) : null,
            Sums = (int*)context.Scratch((long)rows * stride * sizeof(int)),
            SumStride = stride,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(void* pointer)
    {
        DenseArguments* a = (DenseArguments*)pointer;
        if (a->Rows < MinRows)
        {
            DensePanels<TLanes>.Run(pointer);
            return;
        }

        for (int first = 0; first < a->Rows; first += BlockRows)
        {
            int rows = Math.Min(BlockRows, a->Rows - first);
            sbyte* x = a->Input + ((nint)first * a->Depth);
            byte* inputs = (byte*)x;
            if (TLanes.Prepares)
            {
                inputs = a->Many.Inputs;
                for (int row = 0; row < rows; row++)
                {
                    TLanes.Prepare(x + ((nint)row * a->Depth), inputs + (row * a->Many.InputStride), a->Depth);
                }
            }

            Sum(a, inputs, rows);
            byte* y = a->Output + ((nint)first * a->OutputBytes);
            Requantizer.Rows(a->Requantize, a->Many.Sums, a->Many.SumStride, rows, &a->Requantization, y, a->OutputBytes, a->Units);
        }
    }

    private static void Sum(DenseArguments* a, byte* inputs, int rows)
    {
        byte* w = a->Weights;
        int* bias = a->Bias;
        int* sums = a->Many.Sums;
        nint steps = DensePanels<TLanes>.Steps(a->Depth);
        int panels = DensePanels<TLanes>.PaddedUnits(a->Units) / TLanes.Count;
        while (panels > 0)
        {
            int group = DensePanels<TLanes>.Group(panels);
            int width = Math.Min(group, 2);
            for (int panel = 0; panel < group; panel += width)
            {
                byte* weights = w + (panel * VectorBytes);
                nint weightStep = (nint)group * VectorBytes;
                if (TLanes.Size == 2)
                {
                    Widen(weights, weightStep, width, steps, a->Many.Weights);
                    weights = a->Many.Weights;
                    weightStep = width * VectorBytes * TLanes.Size;
                }

                int* start = bias + (panel * TLanes.Count);
                int* to = sums + (panel * TLanes.Count);
                if (width == 1)
                {
                    for (int row = 0; row < rows; row += Tile)
                    {
                        EightByOne(a, inputs, row, rows, weights, weightStep, steps, start, to + ((nint)row * a->Many.SumStride));
                    }
                }
                else
                {
                    for (int row = 0; row < rows; row += Tile / 2)
                    {
                        FourByTwo(a, inputs, row, rows, weights, weightStep, steps, start, to + ((nint)row * a->Many.SumStride));
                    }
                }
            }

            w += steps * group * VectorBytes;
            bias += group * TLanes.Count;
            sums += group * TLanes.Count;
            panels -= group;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(byte* weights, nint weightStep, int width, nint steps, byte* wide)
    {
        for (nint step = 0; step < steps; step++)
        {
            for (int panel = 0; panel < width; panel++)
            {
                TLanes.Store(TLanes.LoadWeights(weights + (panel * VectorBytes)), (int*)wide);
                wide += VectorBytes * TLanes.Size;
            }

            weights += weightStep;
        }
    }

    // Beyond the last row that one is repeated.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Row(DenseArguments* a, byte* inputs, int row, int rows) => inputs + (Math.Min(row, rows - 1) * a->Many.InputStride);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo(DenseArguments* a, byte* inputs, int row, int rows, byte* w, nint weightStep, nint steps, int* bias, int* sums)
    {
        byte* x0 = Row(a, inputs, row, rows);
        byte* x1 = Row(a, inputs, row + 1, rows);
        byte* x2 = Row(a, inputs, row + 2, rows);
        byte* x3 = Row(a, inputs, row + 3, rows);
        TLanes s00 = TLanes.Load(bias);
        TLanes s01 = TLanes.Load(bias + TLanes.Count);
        TLanes s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
        nint stride = TLanes.Group * TLanes.Size;
        nint end = steps * stride;
        for (nint i = 0; i < end; i += stride)
        {
            TLanes w0 = TLanes.Load(w);
            TLanes w1 = TLanes.Load(w + (VectorBytes * TLanes.Size));
            TLanes x = TLanes.BroadcastPrepared(x0 + i);
            s00 = TLanes.MultiplyAdd(s00, x, w0);
            s01 = TLanes.MultiplyAdd(s01, x, w1);
            x = TLanes.BroadcastPrepared(x1 + i);
            s10 = TLanes.MultiplyAdd(s10, x, w0);
            s11 = TLanes.MultiplyAdd(s11, x, w1);
            x = TLanes.BroadcastPrepared(x2 + i);
            s20 = TLanes.MultiplyAdd(s20, x, w0);
            s21 = TLanes.MultiplyAdd(s21, x, w1);
            x = TLanes.BroadcastPrepared(x3 + i);
            s30 = TLanes.MultiplyAdd(s30, x, w0);
            s31 = TLanes.MultiplyAdd(s31, x, w1);
            w += weightStep;
        }

        nint next = a->Many.SumStride;
        TLanes.Store(s00, sums);
        TLanes.Store(s01, sums + TLanes.Count);
        TLanes.Store(s10, sums + next);
        TLanes.Store(s11, sums + next + TLanes.Count);
        TLanes.Store(s20, sums + (2 * next));
        TLanes.Store(s21, sums + (2 * next) + TLanes.Count);
        TLanes.Store(s30, sums + (3 * next));
        TLanes.Store(s31, sums + (3 * next) + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightByOne(DenseArguments* a, byte* inputs, int row, int rows, byte* w, nint weightStep, nint steps, int* bias, int* sums)
    {
        byte* x0 = Row(a, inputs, row, rows);
        byte* x1 = Row(a, inputs, row + 1, rows);
        byte* x2 = Row(a, inputs, row + 2, rows);
        byte* x3 = Row(a, inputs, row + 3, rows);
        byte* x4 = Row(a, inputs, row + 4, rows);
        byte* x5 = Row(a, inputs, row + 5, rows);
        byte* x6 = Row(a, inputs, row + 6, rows);
        byte* x7 = Row(a, inputs, row + 7, rows);
        TLanes s0 = TLanes.Load(bias);
        TLanes s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        nint stride = TLanes.Group * TLanes.Size;
        nint end = steps * stride;
        for (nint i = 0; i < end; i += stride)
        {
            TLanes weights = TLanes.Load(w);
            s0 = TLanes.MultiplyAdd(s0, TLanes.BroadcastPrepared(x0 + i), weights);
            s1 = TLanes.MultiplyAdd(s1, TLanes.BroadcastPrepared(x1 + i), weights);
            s2 = TLanes.MultiplyAdd(s2, TLanes.BroadcastPrepared(x2 + i), weights);
            s3 = TLanes.MultiplyAdd(s3, TLanes.BroadcastPrepared(x3 + i), weights);
            s4 = TLanes.MultiplyAdd(s4, TLanes.BroadcastPrepared(x4 + i), weights);
            s5 = TLanes.MultiplyAdd(s5, TLanes.BroadcastPrepared(x5 + i), weights);
            s6 = TLanes.MultiplyAdd(s6, TLanes.BroadcastPrepared(x6 + i), weights);
            s7 = TLanes.MultiplyAdd(s7, TLanes.BroadcastPrepared(x7 + i), weights);
            w += weightStep;
        }

        nint next = a->Many.SumStride;
        TLanes.Store(s0, sums);
        TLanes.Store(s1, sums + next);
        TLanes.Store(s2, sums + (2 * next));
        TLanes.Store(s3, sums + (3 * next));
        TLanes.Store(s4, sums + (4 * next));
        TLanes.Store(s5, sums + (5 * next));
        TLanes.Store(s6, sums + (6 * next));
        TLanes.Store(s7, sums + (7 * next));
    }
}
