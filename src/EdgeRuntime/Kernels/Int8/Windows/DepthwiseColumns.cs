using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int8.Windows;

/// <summary>
/// The sums of an int8 depthwise convolution with windows of 3×3 that move by one: the three elements of a column are interleaved
/// once and serve the three windows that they belong to. For AVX-VNNI.
/// </summary>
internal static unsafe class DepthwiseColumns
{
    private const int Side = 3;
    private const int ColumnWeights = AvxVnniTaps.Channels * AvxVnniTaps.Count;
    private const int BlockWeights = Side * ColumnWeights;

    /// <summary>Packs the weights and sets the function that sums windows, or gives false if shape or processor are others.</summary>
    internal static bool TryBind(in BindContext context, ref ConvArguments arguments, ConvPacking packing)
    {
        ref readonly WindowGeometry g = ref arguments.Geometry;
        bool fits = AvxVnniTaps.IsSupported
            && g is { KernelHeight: Side, KernelWidth: Side, StrideWidth: 1, DilationWidth: 1 }
            && packing.Units >= AvxVnniTaps.Channels
            && (long)DepthwiseTaps.Blocks(packing.Units) * BlockWeights <= int.MaxValue;
        if (!fits)
        {
            return false;
        }

        arguments.Weights = (sbyte*)context.Shared((long)DepthwiseTaps.Blocks(packing.Units) * BlockWeights, packing.WeightsOnly, Pack);
        arguments.Bias = (int*)context.Shared((long)packing.Units * sizeof(int), packing, DepthwiseTaps.FoldOffset);
        arguments.AccumulateWindows = &AccumulateWindows;
        return true;
    }

    private static void Pack(byte* destination, ConvPacking packing)
    {
        for (int block = 0; block < DepthwiseTaps.Blocks(packing.Units); block++)
        {
            int first = DepthwiseTaps.First(block, packing.Units);
            for (int i = 0; i < BlockWeights; i++)
            {
                (int column, int position) = Math.DivRem(i, ColumnWeights);
                (int channel, int row) = AvxVnniTaps.WeightAt(position);
                *(sbyte*)destination++ = row < Side ? packing.Weights[((nint)(first + channel) * Side * Side) + (row * Side) + column] : (sbyte)0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateWindows(ConvArguments* a, sbyte* corner, int* sums, int windows)
    {
        nint channels = a->Geometry.Channels;
        nint row = channels * a->Geometry.ReachedWidth * a->Geometry.DilationHeight;
        sbyte* w = a->Weights;
        for (int block = 0, blocks = DepthwiseTaps.Blocks((int)channels); block < blocks; block++)
        {
            int first = DepthwiseTaps.First(block, (int)channels);
            byte* x = (byte*)corner + first;
            int* bias = a->Bias + first;
            int* y = sums + first;
            AvxVnniTaps left = Column(x, row);
            x += channels;
            AvxVnniTaps middle = Column(x, row);
            for (int i = 0; i < windows; i++)
            {
                x += channels;
                AvxVnniTaps right = Column(x, row);
                var total = AvxVnniTapSums.Load(bias);
                total = AvxVnniTapSums.MultiplyAdd(total, left, w);
                total = AvxVnniTapSums.MultiplyAdd(total, middle, w + ColumnWeights);
                total = AvxVnniTapSums.MultiplyAdd(total, right, w + (2 * ColumnWeights));
                AvxVnniTapSums.Store(total, y);
                y += a->SumStride;
                left = middle;
                middle = right;
            }

            w += BlockWeights;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static AvxVnniTaps Column(byte* x, nint row) => new(x, x + row, x + (2 * row));
}
