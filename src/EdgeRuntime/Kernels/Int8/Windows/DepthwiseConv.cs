using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int8.Windows;

/// <summary>The sums of windows of any shape of an int8 depthwise convolution, channels across the lanes of a vector.</summary>
internal static unsafe class DepthwiseConv
{
    /// <summary>Packs the weights for this processor and shape, and binds the kernel.</summary>
    internal static BoundKernel Bind(in BindContext context, ref ConvArguments arguments, ConvPacking packing)
    {
        if (!DepthwiseColumns.TryBind(in context, ref arguments, packing) && !DepthwiseTaps.TryBind(in context, ref arguments, packing))
        {
            if (DepthwisePairs.TryBind(in context, in arguments.Geometry, packing, sizeof(sbyte), out PairArguments pairs))
            {
                return BindPairs(in context, in arguments, pairs, packing);
            }

            arguments.Weights = (sbyte*)context.Shared((long)packing.Units * packing.Window, packing.WeightsOnly, Interleave);
            arguments.AccumulateWindows = &AccumulateWindows;
        }

        return new BoundKernel(&ConvKernel.Run, context.Keep(arguments));
    }

    private static BoundKernel BindPairs(in BindContext context, in ConvArguments arguments, PairArguments pairs, ConvPacking packing)
    {
        int windows = DepthwisePairs.WindowsAtOnce(arguments.SumStride);
        pairs.Bias = (int*)context.Shared((long)DepthwisePairs.BiasLength(packing.Units) * sizeof(int), packing, ConvKernel.FoldZeroPoint);
        var kept = new PairConv { Conv = arguments, Pairs = pairs, Windows = windows };
        kept.Conv.Sums = (int*)context.Scratch((long)windows * arguments.SumStride * sizeof(int));
        return new BoundKernel(&RunPairs, context.Keep(kept));
    }

    private static void RunPairs(void* pointer)
    {
        PairConv* a = (PairConv*)pointer;
        ref readonly WindowGeometry g = ref a->Conv.Geometry;
        byte* output = a->Conv.Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            byte* image = a->Conv.Image.Load(batch);
            int next = 0;
            for (int row = 0; row < g.OutputHeight; row++)
            {
                next = DepthwisePairs.Prepare(&a->Pairs, image, row, next);
                for (int column = 0; column < g.OutputWidth; column += a->Windows)
                {
                    int windows = Math.Min(a->Windows, g.OutputWidth - column);
                    DepthwisePairs.Sum(&a->Pairs, column, windows, a->Conv.Sums, a->Conv.SumStride);
                    Requantizer.Rows(a->Conv.Requantize, a->Conv.Sums, a->Conv.SumStride, windows, &a->Conv.Requantization, output, a->Conv.OutputBytes, g.Units);
                    output += (nint)windows * a->Conv.OutputBytes;
                }
            }
        }
    }

    // Channels side by side, as they lie in the image.
    private static void Interleave(byte* destination, ConvPacking packing)
    {
        for (int unit = 0; unit < packing.Units; unit++)
        {
            for (int i = 0; i < packing.Window; i++)
            {
                ((sbyte*)destination)[((nint)i * packing.Units) + unit] = packing.Weights[((nint)unit * packing.Window) + i];
            }
        }
    }

    private static void AccumulateWindows(ConvArguments* a, sbyte* corner, int* sums, int windows)
    {
        var progress = new Progress { Arguments = a, Corner = corner, Sums = sums, Windows = windows };
        Int8Ladder.Sums<AccumulateStep, Progress>(ref progress);
    }

    private readonly struct AccumulateStep : ISumStep<Progress>
    {
        // A width that fills no vector costs no call.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Run<TSums>(ref Progress progress)
            where TSums : struct, IInt32Sums<TSums>
            => progress.Arguments->Geometry.Channels - progress.Channels >= TSums.Count && Loop<TSums>(ref progress);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static bool Loop<TSums>(ref Progress progress)
            where TSums : struct, IInt32Sums<TSums>
        {
            ConvArguments* a = progress.Arguments;
            int channels = a->Geometry.Channels;
            int channel = progress.Channels;
            for (; channel <= channels - TSums.Count; channel += TSums.Count)
            {
                Accumulate<TSums>(a, progress.Corner + channel, channel, progress.Sums + channel, progress.Windows);
            }

            progress.Channels = channel;
            return channel == channels;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Accumulate<TSums>(ConvArguments* a, sbyte* corner, int channel, int* sums, int windows)
            where TSums : struct, IInt32Sums<TSums>
        {
            ref readonly WindowGeometry g = ref a->Geometry;
            nint channels = g.Channels;
            nint rowStride = (nint)g.ReachedWidth * channels * g.DilationHeight;
            nint columnStride = (nint)g.DilationWidth * channels;
            nint step = (nint)g.StrideWidth * channels;
            for (int window = 0; window < windows; window++, corner += step, sums += a->SumStride)
            {
                TSums total = TSums.Load(a->Bias + channel);
                sbyte* w = a->Weights + channel;
                sbyte* row = corner;
                for (int i = 0; i < g.KernelHeight; i++, row += rowStride)
                {
                    sbyte* x = row;
                    for (int j = 0; j < g.KernelWidth; j++, x += columnStride, w += channels)
                    {
                        total = TSums.MultiplyAdd(total, x, w);
                    }
                }

                TSums.Store(total, sums);
            }
        }
    }

    private struct PairConv
    {
        internal ConvArguments Conv;
        internal PairArguments Pairs;

        /// <summary>Windows whose sums wait to be requantized.</summary>
        internal int Windows;
    }

    private struct Progress
    {
        internal ConvArguments* Arguments;
        internal sbyte* Corner;
        internal int* Sums;
        internal int Windows;

        /// <summary>Channels that are done.</summary>
        internal int Channels;
    }
}
