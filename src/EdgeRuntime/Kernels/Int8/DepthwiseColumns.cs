using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeRuntime.Kernels.Int8;

/// <summary>
/// The sums of an int8 depthwise convolution with windows of 3×3 that move by one: the three elements of a column are interleaved
/// once, for vpdpbusd, and serve the three windows that they belong to.
/// </summary>
internal static unsafe class DepthwiseColumns
{
    private const int Side = 3;
    private const int BlockChannels = DepthwiseSums.BlockChannels;
    private const int Group = 4;
    private const int Vectors = 4;
    private const int BlockWeights = Side * Vectors * BlockChannels;

    /// <summary>Packs the weights and sets the function that sums windows, or gives false where shape or processor are others.</summary>
    internal static bool TryBind(in BindContext context, ref ConvArguments arguments, ConvPacking packing)
    {
        ref readonly WindowGeometry g = ref arguments.Geometry;
        bool fits = AvxVnni.IsSupported
            && g is { KernelHeight: Side, KernelWidth: Side, StrideWidth: 1, DilationWidth: 1 }
            && packing.Units >= BlockChannels
            && (long)DepthwiseSums.Blocks(packing.Units) * BlockWeights <= int.MaxValue;
        if (!fits)
        {
            return false;
        }

        arguments.Weights = (sbyte*)context.Shared("depthwise columns", (long)DepthwiseSums.Blocks(packing.Units) * BlockWeights, packing, Pack);
        arguments.Bias = (int*)context.Shared("offset bias", (long)packing.Units * sizeof(int), packing, DepthwiseSums.FoldOffset);
        arguments.Place = &Sum;
        return true;
    }

    // [block][column][vector][lane of 128 bits][channel][row and a zero]: the order in which unpacking leaves inputs.
    private static void Pack(byte* destination, ConvPacking packing)
    {
        for (int block = 0; block < DepthwiseSums.Blocks(packing.Units); block++)
        {
            int first = DepthwiseSums.First(block, packing.Units);
            for (int i = 0; i < BlockWeights; i++)
            {
                int row = i % Group;
                int column = i / (Vectors * BlockChannels);
                int vector = i / BlockChannels % Vectors;
                int lane = i / 16 % 2;
                int channel = first + (16 * lane) + (4 * vector) + (i / Group % 4);
                *(sbyte*)destination++ = row < Side ? packing.Weights[((nint)channel * Side * Side) + (row * Side) + column] : (sbyte)0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(ConvArguments* a, sbyte* corner, int* sums, int windows)
    {
        nint channels = a->Geometry.Channels;
        nint row = channels * a->Geometry.ReachedWidth * a->Geometry.DilationHeight;
        sbyte* w = a->Weights;
        for (int block = 0, blocks = DepthwiseSums.Blocks((int)channels); block < blocks; block++)
        {
            int first = DepthwiseSums.First(block, (int)channels);
            byte* x = (byte*)corner + first;
            int* bias = a->Bias + first;
            int* y = sums + first;
            var left = new Column(x, row);
            x += channels;
            var middle = new Column(x, row);
            for (int i = 0; i < windows; i++)
            {
                x += channels;
                var right = new Column(x, row);
                Vector256<int> s0 = Sum(DepthwiseSums.Load(bias), left.X0, middle.X0, right.X0, w);
                Vector256<int> s1 = Sum(DepthwiseSums.Load(bias + 4), left.X1, middle.X1, right.X1, w + BlockChannels);
                Vector256<int> s2 = Sum(DepthwiseSums.Load(bias + 8), left.X2, middle.X2, right.X2, w + (2 * BlockChannels));
                Vector256<int> s3 = Sum(DepthwiseSums.Load(bias + 12), left.X3, middle.X3, right.X3, w + (3 * BlockChannels));
                DepthwiseSums.Store(s0, s1, s2, s3, y);
                y += a->SumStride;
                left = middle;
                middle = right;
            }

            w += BlockWeights;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Sum(Vector256<int> sums, Vector256<byte> left, Vector256<byte> middle, Vector256<byte> right, sbyte* w)
    {
        const int Next = Vectors * BlockChannels;
        sums = AvxVnni.MultiplyWideningAndAdd(sums, left, Vector256.Load(w));
        sums = AvxVnni.MultiplyWideningAndAdd(sums, middle, Vector256.Load(w + Next));
        return AvxVnni.MultiplyWideningAndAdd(sums, right, Vector256.Load(w + (2 * Next)));
    }

    /// <summary>Three elements below each other of 32 channels, and a zero that makes four.</summary>
    private readonly struct Column
    {
        internal readonly Vector256<byte> X0;
        internal readonly Vector256<byte> X1;
        internal readonly Vector256<byte> X2;
        internal readonly Vector256<byte> X3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Column(byte* x, nint row)
        {
            Vector256<byte> offset = Vector256.Create((byte)DepthwiseSums.InputOffset);
            Vector256<byte> x0 = Vector256.Load(x) ^ offset;
            Vector256<byte> x1 = Vector256.Load(x + row) ^ offset;
            Vector256<byte> x2 = Vector256.Load(x + (2 * row)) ^ offset;
            Vector256<short> low01 = Avx2.UnpackLow(x0, x1).AsInt16();
            Vector256<short> high01 = Avx2.UnpackHigh(x0, x1).AsInt16();
            Vector256<short> low2 = Avx2.UnpackLow(x2, Vector256<byte>.Zero).AsInt16();
            Vector256<short> high2 = Avx2.UnpackHigh(x2, Vector256<byte>.Zero).AsInt16();
            X0 = Avx2.UnpackLow(low01, low2).AsByte();
            X1 = Avx2.UnpackHigh(low01, low2).AsByte();
            X2 = Avx2.UnpackLow(high01, high2).AsByte();
            X3 = Avx2.UnpackHigh(high01, high2).AsByte();
        }
    }
}
