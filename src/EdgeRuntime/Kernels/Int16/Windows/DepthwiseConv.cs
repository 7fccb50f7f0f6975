using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Int8;
using EdgeInference.Runtime.Kernels.Int8.Windows;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int16.Windows;

/// <summary>An int16 depthwise convolution, channels across the lanes of a vector.</summary>
internal static unsafe class DepthwiseConv
{
    /// <summary>Packs the weights, or gives false where int32 may not hold a sum.</summary>
    internal static bool TryBind(in BindContext context, ref ConvArguments arguments, out BoundKernel kernel)
    {
        ref readonly WindowGeometry g = ref arguments.Geometry;
        kernel = default;
        if ((long)g.KernelHeight * g.KernelWidth > WideSums.MostProducts)
        {
            return false;
        }

        int window = g.KernelHeight * g.KernelWidth;
        if (TryBindPairs(in context, in arguments, out kernel))
        {
            return true;
        }

        var packing = new Packing { Weights = arguments.Weights, Units = g.Units, Window = window };
        arguments.Weights = (sbyte*)context.Shared((long)g.Units * window, packing, Interleave);
        arguments.Sums = (int*)context.Scratch((long)g.Units * sizeof(int));
        kernel = new BoundKernel(&Run, context.Keep(arguments));
        return true;
    }

    private static bool TryBindPairs(in BindContext context, in ConvArguments arguments, out BoundKernel kernel)
    {
        ref readonly WindowGeometry g = ref arguments.Geometry;
        kernel = default;
        var conv = new Int8.Windows.ConvPacking { Weights = arguments.Weights, Units = g.Units, Window = g.KernelHeight * g.KernelWidth };
        if (!DepthwisePairs.TryBind(in context, in g, conv, sizeof(short), out PairArguments pairs))
        {
            return false;
        }

        int length = DepthwisePairs.BiasLength(g.Units);
        pairs.Bias = (int*)context.Shared((long)length * sizeof(int), length, static (_, _) => { });
        int stride = Requantizer.Padded(g.Units);
        var kept = new PairConv { Conv = arguments, Pairs = pairs, SumStride = stride, Windows = DepthwisePairs.WindowsAtOnce(stride) };
        kept.Conv.Sums = (int*)context.Scratch((long)kept.Windows * stride * sizeof(int));
        kernel = new BoundKernel(&RunPairs, context.Keep(kept));
        return true;
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
                    DepthwisePairs.Sum(&a->Pairs, column, windows, a->Conv.Sums, a->SumStride);
                    for (int i = 0; i < windows; i++, output += a->Conv.OutputBytes)
                    {
                        a->Conv.Requantization.StoreRow(a->Conv.Sums + ((nint)i * a->SumStride), output);
                    }
                }
            }
        }
    }

    // Channels side by side, as they lie in the image.
    private static void Interleave(byte* destination, Packing packing)
    {
        for (int unit = 0; unit < packing.Units; unit++)
        {
            for (int i = 0; i < packing.Window; i++)
            {
                ((sbyte*)destination)[((nint)i * packing.Units) + unit] = packing.Weights[((nint)unit * packing.Window) + i];
            }
        }
    }

    private static void Run(void* pointer)
    {
        ConvArguments* a = (ConvArguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        nint rowStride = (nint)g.ReachedWidth * g.Channels * g.StrideHeight;
        byte* output = a->Output;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            short* image = (short*)a->Image.Load(batch);
            for (int row = 0; row < g.OutputHeight; row++)
            {
                short* corner = image + (row * rowStride);
                for (int column = 0; column < g.OutputWidth; column++)
                {
                    var progress = new Progress { Arguments = a, Corner = corner + ((nint)column * g.StrideWidth * g.Channels) };
                    Int8Ladder.Sums<AccumulateStep, Progress>(ref progress);
                    a->Requantization.StoreRow(a->Sums, output);
                    output += a->OutputBytes;
                }
            }
        }
    }

    private readonly struct AccumulateStep : ISumStep<Progress>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Run<TSums>(ref Progress progress)
            where TSums : struct, IInt32Sums<TSums>
            => progress.Arguments->Geometry.Channels - progress.Channels >= TSums.Count && Loop<TSums>(ref progress);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static bool Loop<TSums>(ref Progress progress)
            where TSums : struct, IInt32Sums<TSums>
        {
            ref readonly WindowGeometry g = ref progress.Arguments->Geometry;
            nint channels = g.Channels;
            nint rowStride = g.ReachedWidth * channels * g.DilationHeight;
            nint columnStride = g.DilationWidth * channels;
            int channel = progress.Channels;
            for (; channel <= channels - TSums.Count; channel += TSums.Count)
            {
                TSums total = 0;
                sbyte* w = progress.Arguments->Weights + channel;
                short* row = progress.Corner + channel;
                for (int i = 0; i < g.KernelHeight; i++, row += rowStride)
                {
                    short* x = row;
                    for (int j = 0; j < g.KernelWidth; j++, x += columnStride, w += channels)
                    {
                        total = TSums.MultiplyAdd(total, x, w);
                    }
                }

                TSums.Store(total, progress.Arguments->Sums + channel);
            }

            progress.Channels = channel;
            return channel == channels;
        }
    }

    private struct PairConv
    {
        internal ConvArguments Conv;
        internal PairArguments Pairs;
        internal int SumStride;

        /// <summary>Windows whose sums wait to be requantized.</summary>
        internal int Windows;
    }

    private struct Packing
    {
        internal sbyte* Weights;
        internal int Units;
        internal int Window;
    }

    private struct Progress
    {
        internal ConvArguments* Arguments;
        internal short* Corner;

        /// <summary>Channels that are done.</summary>
        internal int Channels;
    }
}
