using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int8.Windows;

/// <summary>The sums of a depthwise convolution over pairs of rows: what is the same for all its windows.</summary>
internal unsafe struct PairArguments
{
    internal WindowGeometry Geometry;

    /// <summary>As <see cref="DepthwisePairs"/> packs them.</summary>
    internal sbyte* Weights;

    /// <summary>Of each channel, and as many more as fill a vector.</summary>
    internal int* Bias;

    /// <summary>Bytes of an element of the image: 1 or 2.</summary>
    internal int ElementBytes;

    /// <summary>Pairs of rows, each of an image's row and the one that a window has below it, reused as the windows go down.</summary>
    internal byte* Ring;
    internal int RingRows;
    internal nint RingRowBytes;

    /// <summary>Rows of the image from one pair that some window needs to the next.</summary>
    internal int RowStep;

    /// <summary>For the windows of a row of outputs, where their pairs of rows are.</summary>
    internal byte** Rows;
    internal int PairCount;
}

/// <summary>
/// The sums of a depthwise convolution of any shape by vpmaddwd: every row of the image is laid out once beside the one below it, as int16,
/// and each step takes two rows of a window. For AVX2; the same sums for int8 and int16 images.
/// </summary>
internal static unsafe class DepthwisePairs
{
    private const int Side = 3;
    private const int StepWeights = 2 * Avx2PairSums.Channels;
    private const long LargestRing = 16L << 20;

    // Sums of so many bytes wait to be requantized: enough for a call to cost little, few enough to stay in the nearest cache.
    private const int WaitingBytes = 4096;
    private const int MinWaiting = 8;

    // What a vector may read beyond the last pixel of a row.
    private const int VectorRoom = 64;

    /// <summary>
    /// Reserves room and packs the weights; false if the processor is another or too much room is needed. The bias is left to the caller.
    /// </summary>
    internal static bool TryBind(in BindContext context, in WindowGeometry g, ConvPacking packing, int elementBytes, out PairArguments arguments)
    {
        arguments = default;
        int pairs = (g.KernelHeight + 1) / 2;
        int between = 2 * g.DilationHeight;
        int step = pairs == 1 ? g.StrideHeight : Divisor(g.StrideHeight, between);
        long ringRows = ((pairs - 1L) * between / step) + 1;
        long rowBytes = (long)g.ReachedWidth * g.Channels * Avx2PairSums.PairBytes;
        long weightBytes = (long)Blocks(g.Channels) * pairs * g.KernelWidth * StepWeights;
        if (!Avx2PairSums.IsSupported || ringRows * rowBytes > LargestRing || weightBytes > int.MaxValue)
        {
            return false;
        }

        arguments = new PairArguments
        {
            Geometry = g,
            Weights = (sbyte*)context.Shared(weightBytes, new Packing { Conv = packing.WeightsOnly, KernelHeight = g.KernelHeight, KernelWidth = g.KernelWidth }, Pack),
            ElementBytes = elementBytes,
            Ring = context.Scratch((ringRows * rowBytes) + VectorRoom),
            RingRows = (int)ringRows,
            RingRowBytes = (nint)rowBytes,
            RowStep = step,
            Rows = (byte**)context.Scratch((long)pairs * sizeof(byte*)),
            PairCount = pairs,
        };
        return true;
    }

    /// <summary>Windows whose sums, <paramref name="sumStride"/> int32 values each, wait to be requantized together.</summary>
    internal static int WindowsAtOnce(int sumStride) => Math.Max(WaitingBytes / sizeof(int) / sumStride, MinWaiting);

    /// <summary>int32 values that <see cref="PairArguments.Bias"/> has.</summary>
    internal static int BiasLength(int channels) => Math.Max(channels, Avx2PairSums.Channels);

    /// <summary>
    /// Lays out the pairs of rows that a row of outputs needs and the one before did not have. Rows are asked for in their order; gives the first
    /// pair that is still to be laid out, which is 0 for the first row.
    /// </summary>
    internal static int Prepare(PairArguments* a, byte* image, int row, int next)
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        nint elements = (nint)g.ReachedWidth * g.Channels;
        int first = row * g.StrideHeight / a->RowStep;
        for (next = Math.Max(next, first); next < first + a->RingRows; next++)
        {
            nint upper = (nint)next * a->RowStep;

            // The last row of an odd number of them may be the image's last; its neighbour is multiplied by zero.
            nint lower = Math.Min(upper + g.DilationHeight, g.ReachedHeight - 1);
            short* pairs = (short*)(a->Ring + (next % a->RingRows * a->RingRowBytes));
            if (a->ElementBytes == sizeof(short))
            {
                Avx2PairSums.Interleave((short*)image + (upper * elements), (short*)image + (lower * elements), pairs, elements);
            }
            else
            {
                Avx2PairSums.Interleave((sbyte*)image + (upper * elements), (sbyte*)image + (lower * elements), pairs, elements);
            }
        }

        for (int pair = 0; pair < a->PairCount; pair++)
        {
            a->Rows[pair] = a->Ring + ((first + (2 * pair * g.DilationHeight / a->RowStep)) % a->RingRows * a->RingRowBytes);
        }

        return next;
    }

    /// <summary>The sums of as many windows side by side in the row that was prepared, from the window of a column on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Sum(PairArguments* a, int column, int windows, int* sums, nint sumStride)
    {
        int channels = a->Geometry.Channels;
        nint corner = (nint)column * a->Geometry.StrideWidth * channels * Avx2PairSums.PairBytes;
        bool threeByThree = a->Geometry.KernelWidth == Side && a->PairCount == 2;
        sbyte* w = a->Weights;
        for (int block = 0, blocks = Blocks(channels); block < blocks; block++)
        {
            int first = First(block, channels);
            nint offset = corner + (first * Avx2PairSums.PairBytes);
            if (threeByThree)
            {
                SumThreeByThree(a, offset, w, a->Bias + first, sums + first, sumStride, windows);
            }
            else
            {
                SumAny(a, offset, w, a->Bias + first, sums + first, sumStride, windows);
            }

            w += (nint)a->PairCount * a->Geometry.KernelWidth * StepWeights;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumThreeByThree(PairArguments* a, nint offset, sbyte* w, int* bias, int* sums, nint sumStride, int windows)
    {
        nint pixel = (nint)a->Geometry.Channels * Avx2PairSums.PairBytes;
        nint column = pixel * a->Geometry.DilationWidth;
        nint step = pixel * a->Geometry.StrideWidth;
        byte* upper = a->Rows[0] + offset;
        byte* lower = a->Rows[1] + offset;
        var start = Avx2PairSums.Load(bias);
        var w0 = Avx2PairSums.LoadWeights(w);
        var w1 = Avx2PairSums.LoadWeights(w + StepWeights);
        var w2 = Avx2PairSums.LoadWeights(w + (2 * StepWeights));
        var w3 = Avx2PairSums.LoadWeights(w + (3 * StepWeights));
        var w4 = Avx2PairSums.LoadWeights(w + (4 * StepWeights));
        var w5 = Avx2PairSums.LoadWeights(w + (5 * StepWeights));
        for (int i = 0; i < windows; i++)
        {
            Avx2PairSums s = start + Avx2PairSums.Multiply(upper, w0);
            Avx2PairSums t = Avx2PairSums.Multiply(lower, w3) + Avx2PairSums.Multiply(upper + column, w1);
            s += Avx2PairSums.Multiply(lower + column, w4);
            t += Avx2PairSums.Multiply(upper + (2 * column), w2);
            s += Avx2PairSums.Multiply(lower + (2 * column), w5);
            Avx2PairSums.Store(s + t, sums);
            upper += step;
            lower += step;
            sums += sumStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumAny(PairArguments* a, nint offset, sbyte* w, int* bias, int* sums, nint sumStride, int windows)
    {
        nint pixel = (nint)a->Geometry.Channels * Avx2PairSums.PairBytes;
        nint column = pixel * a->Geometry.DilationWidth;
        nint step = pixel * a->Geometry.StrideWidth;
        int columns = a->Geometry.KernelWidth;
        byte** lastRow = a->Rows + a->PairCount;
        for (int i = 0; i < windows; i++)
        {
            var s = Avx2PairSums.Load(bias);
            sbyte* weights = w;
            for (byte** row = a->Rows; row < lastRow; row++)
            {
                byte* x = *row + offset;
                for (int j = 0; j < columns; j++)
                {
                    s += Avx2PairSums.Multiply(x, Avx2PairSums.LoadWeights(weights));
                    x += column;
                    weights += StepWeights;
                }
            }

            Avx2PairSums.Store(s, sums);
            offset += step;
            sums += sumStride;
        }
    }

    private static int Blocks(int channels) => (channels + Avx2PairSums.Channels - 1) / Avx2PairSums.Channels;

    // The last block ends at the last channel, and may repeat some of the block before. Fewer channels than a block has are one.
    private static int First(int block, int channels) => Math.Max(0, Math.Min(block * Avx2PairSums.Channels, channels - Avx2PairSums.Channels));

    private static void Pack(byte* destination, Packing packing)
    {
        ConvPacking conv = packing.Conv;
        for (int block = 0; block < Blocks(conv.Units); block++)
        {
            int first = First(block, conv.Units);
            for (int row = 0; row < packing.KernelHeight; row += 2)
            {
                for (int column = 0; column < packing.KernelWidth; column++)
                {
                    for (int i = 0; i < StepWeights; i++, destination++)
                    {
                        int channel = first + (i / 2);
                        int tap = ((row + (i % 2)) * packing.KernelWidth) + column;
                        *(sbyte*)destination = channel < conv.Units && tap < conv.Window ? conv.Weights[((nint)channel * conv.Window) + tap] : (sbyte)0;
                    }
                }
            }
        }
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Pack = sizeof(int))]
    private struct Packing
    {
        internal ConvPacking Conv;
        internal int KernelHeight;
        internal int KernelWidth;
    }
}
