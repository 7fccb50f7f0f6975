using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Int16;

namespace EdgeInference.Runtime.Kernels.Int16.Dense;

/// <summary>
/// int16 Dense by vpmaddwd, outputs across the lanes and inputs broadcast: for AVX2. Weights of two halves are multiplied as the int16 that
/// they make, of one byte widened as they are read; sums are exact for any depth.
/// </summary>
internal static unsafe class DenseWide
{
    private const int Block = 2 * Avx2WideSums.Units;
    private const int StepWeights = Block * Avx2WideSums.Group;

    /// <summary>Packs the weights and chooses the kernel; false if the processor is another, or a weight or the depth is beyond what is exact.</summary>
    internal static bool TryBind(in BindContext context, ref DenseArguments arguments, out delegate*<void*, void> function)
    {
        function = null;
        long steps = Steps(arguments.Depth);
        long bytes = Blocks(arguments.Units) * steps * StepWeights * (arguments.HasHalves ? sizeof(short) : sizeof(sbyte));
        if (!Avx2WideSums.IsSupported || steps > Avx2WideSums.MostSteps || bytes > int.MaxValue || (arguments.HasHalves && !Fit(in arguments)))
        {
            return false;
        }

        var packing = new Packing { Weights = arguments.Weights, Units = arguments.Units, Depth = arguments.Depth };
        arguments.Weights = (sbyte*)(arguments.HasHalves
            ? context.Shared(bytes, packing, PackHalves, isForRunsOnly: true)
            : context.Shared(bytes, packing, PackBytes, isForRunsOnly: true));
        arguments.Sums = (long*)context.Scratch(RowsAtOnce * (long)Blocks(arguments.Units) * Block * sizeof(long));
        function = arguments.HasHalves ? &Run<Halves> : &Run<Bytes>;
        return true;
    }

    private const int RowsAtOnce = 2;

    private static int Blocks(int units) => (units + Block - 1) / Block;

    private static long Steps(int depth) => (depth + 1L) / Avx2WideSums.Group;

    // Two products of −2^15 by −2^15 would leave int32.
    private static bool Fit(in DenseArguments a)
    {
        for (long unit = 0; unit < a.Units; unit++)
        {
            sbyte* high = a.Weights + (2 * unit * a.Depth);
            for (int i = 0; i < a.Depth; i++)
            {
                int weight = (256 * high[i]) + high[a.Depth + i];
                if (weight is <= short.MinValue or > short.MaxValue)
                {
                    return false;
                }
            }
        }

        return true;
    }

    // [block of units][step][unit][input of the step].
    private static void PackHalves(byte* destination, Packing packing)
    {
        short* to = (short*)destination;
        for (int unit = 0; unit < packing.Units; unit++)
        {
            sbyte* high = packing.Weights + (2L * unit * packing.Depth);
            for (int i = 0; i < packing.Depth; i++)
            {
                to[Index(unit, i, packing.Depth)] = (short)((256 * high[i]) + high[packing.Depth + i]);
            }
        }
    }

    private static void PackBytes(byte* destination, Packing packing)
    {
        for (int unit = 0; unit < packing.Units; unit++)
        {
            for (int i = 0; i < packing.Depth; i++)
            {
                ((sbyte*)destination)[Index(unit, i, packing.Depth)] = packing.Weights[((long)unit * packing.Depth) + i];
            }
        }
    }

    private static nint Index(int unit, int input, int depth)
    {
        (int block, int place) = Math.DivRem(unit, Block);
        (int step, int member) = Math.DivRem(input, Avx2WideSums.Group);
        return (((nint)block * (nint)Steps(depth)) + step) * StepWeights + (place * Avx2WideSums.Group) + member;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TWeights>(void* pointer)
        where TWeights : struct, IWeights
    {
        DenseArguments* a = (DenseArguments*)pointer;
        nint block = (nint)Steps(a->Depth) * StepWeights * TWeights.Bytes;
        int blocks = Blocks(a->Units);
        short* x = a->Input;
        byte* y = a->Output;
        int row = 0;
        for (; row <= a->Rows - RowsAtOnce; row += RowsAtOnce)
        {
            long* second = a->Sums + (blocks * Block);
            for (int i = 0; i < blocks; i++)
            {
                TwoRows<TWeights>(x, a->Depth, (byte*)a->Weights + (i * block), a->Sums + (i * Block), second + (i * Block));
            }

            a->Requantization.StoreRow(a->Sums, y);
            a->Requantization.StoreRow(second, y + a->OutputBytes);
            x += RowsAtOnce * (nint)a->Depth;
            y += RowsAtOnce * (nint)a->OutputBytes;
        }

        if (row < a->Rows)
        {
            int i = 0;
            for (; i <= blocks - 2; i += 2)
            {
                TwoBlocks<TWeights>(x, a->Depth, (byte*)a->Weights + (i * block), block, a->Sums + (i * Block));
            }

            if (i < blocks)
            {
                OneRow<TWeights>(x, a->Depth, (byte*)a->Weights + (i * block), a->Sums + (i * Block));
            }

            a->Requantization.StoreRow(a->Sums, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow<TWeights>(short* x, nint depth, byte* w, long* sums)
        where TWeights : struct, IWeights
    {
        Avx2WideSums s0 = default, s1 = default;
        short* end = x + (depth & ~1);
        for (; x < end; x += Avx2WideSums.Group)
        {
            var inputs = Avx2WideFactors.Broadcast(x);
            s0 = Avx2WideSums.MultiplyAdd(s0, inputs, TWeights.Load(w, 0));
            s1 = Avx2WideSums.MultiplyAdd(s1, inputs, TWeights.Load(w, 1));
            w += StepWeights * TWeights.Bytes;
        }

        if ((depth & 1) != 0)
        {
            var inputs = Avx2WideFactors.BroadcastLast(x);
            s0 = Avx2WideSums.MultiplyAdd(s0, inputs, TWeights.Load(w, 0));
            s1 = Avx2WideSums.MultiplyAdd(s1, inputs, TWeights.Load(w, 1));
        }

        Avx2WideSums.Store(s0, sums);
        Avx2WideSums.Store(s1, sums + Avx2WideSums.Units);
    }

    // Each input that is read serves both blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoBlocks<TWeights>(short* x, nint depth, byte* w, nint block, long* sums)
        where TWeights : struct, IWeights
    {
        Avx2WideSums s0 = default, s1 = default, s2 = default, s3 = default;
        short* end = x + (depth & ~1);
        for (; x < end; x += Avx2WideSums.Group)
        {
            var inputs = Avx2WideFactors.Broadcast(x);
            s0 = Avx2WideSums.MultiplyAdd(s0, inputs, TWeights.Load(w, 0));
            s1 = Avx2WideSums.MultiplyAdd(s1, inputs, TWeights.Load(w, 1));
            s2 = Avx2WideSums.MultiplyAdd(s2, inputs, TWeights.Load(w + block, 0));
            s3 = Avx2WideSums.MultiplyAdd(s3, inputs, TWeights.Load(w + block, 1));
            w += StepWeights * TWeights.Bytes;
        }

        if ((depth & 1) != 0)
        {
            var inputs = Avx2WideFactors.BroadcastLast(x);
            s0 = Avx2WideSums.MultiplyAdd(s0, inputs, TWeights.Load(w, 0));
            s1 = Avx2WideSums.MultiplyAdd(s1, inputs, TWeights.Load(w, 1));
            s2 = Avx2WideSums.MultiplyAdd(s2, inputs, TWeights.Load(w + block, 0));
            s3 = Avx2WideSums.MultiplyAdd(s3, inputs, TWeights.Load(w + block, 1));
        }

        Avx2WideSums.Store(s0, sums);
        Avx2WideSums.Store(s1, sums + Avx2WideSums.Units);
        Avx2WideSums.Store(s2, sums + Block);
        Avx2WideSums.Store(s3, sums + Block + Avx2WideSums.Units);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoRows<TWeights>(short* x, nint depth, byte* w, long* first, long* second)
        where TWeights : struct, IWeights
    {
        short* y = x + depth;
        Avx2WideSums s00 = default, s01 = default, s10 = default, s11 = default;
        nint even = depth & ~1;
        for (nint i = 0; i < even; i += Avx2WideSums.Group)
        {
            Avx2WideFactors w0 = TWeights.Load(w, 0);
            Avx2WideFactors w1 = TWeights.Load(w, 1);
            var inputs = Avx2WideFactors.Broadcast(x + i);
            s00 = Avx2WideSums.MultiplyAdd(s00, inputs, w0);
            s01 = Avx2WideSums.MultiplyAdd(s01, inputs, w1);
            inputs = Avx2WideFactors.Broadcast(y + i);
            s10 = Avx2WideSums.MultiplyAdd(s10, inputs, w0);
            s11 = Avx2WideSums.MultiplyAdd(s11, inputs, w1);
            w += StepWeights * TWeights.Bytes;
        }

        if ((depth & 1) != 0)
        {
            Avx2WideFactors w0 = TWeights.Load(w, 0);
            Avx2WideFactors w1 = TWeights.Load(w, 1);
            var inputs = Avx2WideFactors.BroadcastLast(x + even);
            s00 = Avx2WideSums.MultiplyAdd(s00, inputs, w0);
            s01 = Avx2WideSums.MultiplyAdd(s01, inputs, w1);
            inputs = Avx2WideFactors.BroadcastLast(y + even);
            s10 = Avx2WideSums.MultiplyAdd(s10, inputs, w0);
            s11 = Avx2WideSums.MultiplyAdd(s11, inputs, w1);
        }

        Avx2WideSums.Store(s00, first);
        Avx2WideSums.Store(s01, first + Avx2WideSums.Units);
        Avx2WideSums.Store(s10, second);
        Avx2WideSums.Store(s11, second + Avx2WideSums.Units);
    }

    /// <summary>Weights as they are packed.</summary>
    private interface IWeights
    {
        /// <summary>Of a weight.</summary>
        static abstract int Bytes { get; }

        static abstract Avx2WideFactors Load(byte* step, int vector);
    }

    private readonly struct Halves : IWeights
    {
        static int IWeights.Bytes => sizeof(short);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Avx2WideFactors Load(byte* step, int vector) => Avx2WideFactors.Load((short*)step + (vector * (StepWeights / 2)));
    }

    private readonly struct Bytes : IWeights
    {
        static int IWeights.Bytes => sizeof(sbyte);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Avx2WideFactors Load(byte* step, int vector) => Avx2WideFactors.Load((sbyte*)step + (vector * (StepWeights / 2)));
    }

    private struct Packing
    {
        internal sbyte* Weights;
        internal int Units;
        internal int Depth;
    }
}
