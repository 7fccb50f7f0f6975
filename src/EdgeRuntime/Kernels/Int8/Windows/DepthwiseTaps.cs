using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int8.Windows;

/// <summary>The sums of windows of any shape of an int8 depthwise convolution, four elements of each channel a step: for AVX-VNNI.</summary>
internal static unsafe class DepthwiseTaps
{
    private const int StepWeights = AvxVnniTaps.Channels * AvxVnniTaps.Count;

    /// <summary>Packs the weights and sets the function that sums windows, or gives false if size or processor are others.</summary>
    internal static bool TryBind(in BindContext context, ref ConvArguments arguments, ConvPacking packing)
    {
        int steps = (packing.Window + AvxVnniTaps.Count - 1) / AvxVnniTaps.Count;
        long bytes = (long)Blocks(packing.Units) * steps * StepWeights;
        if (!AvxVnniTaps.IsSupported || packing.Units < AvxVnniTaps.Channels || bytes > int.MaxValue)
        {
            return false;
        }

        arguments.Weights = (sbyte*)context.Shared((int)bytes, packing.WeightsOnly, Pack);
        arguments.Bias = (int*)context.Shared((long)packing.Units * sizeof(int), packing, FoldOffset);
        BindTaps(in context, ref arguments, steps * AvxVnniTaps.Count);
        arguments.AccumulateWindows = &AccumulateWindows;
        return true;
    }

    internal static int Blocks(int channels) => (channels + AvxVnniTaps.Channels - 1) / AvxVnniTaps.Channels;

    /// <summary>The last block ends at the last channel, and may repeat some of the block before.</summary>
    internal static int First(int block, int channels) => Math.Min(block * AvxVnniTaps.Channels, channels - AvxVnniTaps.Channels);

    internal static void FoldOffset(byte* destination, ConvPacking packing)
    {
        packing.InputZeroPoint += AvxVnniTaps.InputOffset;
        ConvKernel.FoldZeroPoint(destination, packing);
    }

    // What is beyond the last tap is the first again, with weights of zero.
    private static void BindTaps(in BindContext context, ref ConvArguments arguments, int padded)
    {
        ref readonly WindowGeometry g = ref arguments.Geometry;
        arguments.TapCount = padded;
        arguments.Taps = (int*)context.Table((long)padded * sizeof(int), g, FillTaps);
    }

    private static void FillTaps(byte* destination, WindowGeometry g)
    {
        for (int i = 0; i < g.KernelHeight * g.KernelWidth; i++)
        {
            (int row, int column) = Math.DivRem(i, g.KernelWidth);
            ((int*)destination)[i] = ((row * g.DilationHeight * g.ReachedWidth) + (column * g.DilationWidth)) * g.Channels;
        }
    }

    private static void Pack(byte* destination, ConvPacking packing)
    {
        for (int block = 0; block < Blocks(packing.Units); block++)
        {
            int first = First(block, packing.Units);
            for (int start = 0; start < packing.Window; start += AvxVnniTaps.Count)
            {
                for (int i = 0; i < StepWeights; i++)
                {
                    (int channel, int tap) = AvxVnniTaps.WeightAt(i);
                    tap += start;
                    *(sbyte*)destination++ = tap < packing.Window ? packing.Weights[((nint)(first + channel) * packing.Window) + tap] : (sbyte)0;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateWindows(ConvArguments* a, sbyte* corner, int* sums, int windows)
    {
        int channels = a->Geometry.Channels;
        nint step = (nint)a->Geometry.StrideWidth * channels;
        int* lastTap = a->Taps + a->TapCount;
        for (int block = 0, blocks = Blocks(channels); block < blocks; block++)
        {
            int first = First(block, channels);
            byte* x = (byte*)corner + first;
            int* bias = a->Bias + first;
            int* y = sums + first;
            for (int window = 0; window < windows; window++)
            {
                sbyte* w = a->Weights + ((nint)block * AvxVnniTaps.Channels * a->TapCount);
                var total = AvxVnniTapSums.Load(bias);
                for (int* tap = a->Taps; tap < lastTap; tap += AvxVnniTaps.Count)
                {
                    var taps = new AvxVnniTaps(x + tap[0], x + tap[1], x + tap[2], x + tap[3]);
                    total = AvxVnniTapSums.MultiplyAdd(total, taps, w);
                    w += StepWeights;
                }

                AvxVnniTapSums.Store(total, y);
                x += step;
                y += a->SumStride;
            }
        }
    }
}
