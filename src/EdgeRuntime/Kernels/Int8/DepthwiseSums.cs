using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeRuntime.Kernels.Int8;

/// <summary>The sums of windows of any shape of an int8 depthwise convolution, channels across the lanes.</summary>
internal static unsafe class DepthwiseSums
{
    /// <summary>Channels that are summed together.</summary>
    internal const int BlockChannels = 32;
    private const int Group = 4;

    /// <summary>vpdpbusd takes its first operand as unsigned.</summary>
    internal const int InputOffset = 128;

    /// <summary>Packs the weights for this processor and sets the function that sums a window.</summary>
    internal static void Bind(in BindContext context, ref ConvArguments arguments, ConvPacking packing)
    {
        if (AvxVnni.IsSupported && packing.Units >= BlockChannels)
        {
            int groups = (packing.Window + Group - 1) / Group;
            long bytes = (long)Blocks(packing.Units) * BlockChannels * groups * Group;
            if (bytes <= int.MaxValue)
            {
                arguments.Weights = (sbyte*)context.Shared("depthwise groups", (int)bytes, packing, PackGroups);
                arguments.Bias = (int*)context.Shared("offset bias", (long)packing.Units * sizeof(int), packing, FoldOffset);
                BindTaps(in context, ref arguments, groups * Group);
                arguments.Place = &Vnni;
                return;
            }
        }

        arguments.Weights = (sbyte*)context.Shared("depthwise", (long)packing.Units * packing.Window, packing, Interleave);
        arguments.Place = AdvSimd.IsSupported ? &Arm : &Widening;
    }

    internal static int Blocks(int channels) => (channels + BlockChannels - 1) / BlockChannels;

    /// <summary>The last block ends at the last channel, and may repeat some of the block before.</summary>
    internal static int First(int block, int channels) => Math.Min(block * BlockChannels, channels - BlockChannels);

    // What is beyond the last tap is the first again, with weights of zero.
    private static void BindTaps(in BindContext context, ref ConvArguments arguments, int padded)
    {
        ref readonly WindowGeometry g = ref arguments.Geometry;
        arguments.TapCount = padded;
        arguments.Taps = (int*)context.Scratch((long)padded * sizeof(int));
        for (int i = 0; i < g.KernelHeight * g.KernelWidth; i++)
        {
            (int row, int column) = Math.DivRem(i, g.KernelWidth);
            arguments.Taps[i] = ((row * g.DilationHeight * g.ReachedWidth) + (column * g.DilationWidth)) * g.Channels;
        }
    }

    // [block][group of taps][vector][lane of 128 bits][channel][tap]: the order in which unpacking leaves inputs.
    private static void PackGroups(byte* destination, ConvPacking packing)
    {
        int groups = (packing.Window + Group - 1) / Group;
        for (int block = 0; block < Blocks(packing.Units); block++)
        {
            int first = First(block, packing.Units);
            for (int i = 0; i < groups * BlockChannels * Group; i++)
            {
                int tap = (i / (BlockChannels * Group) * Group) + (i % Group);
                int vector = i / BlockChannels % Group;
                int lane = i / 16 % 2;
                int channel = first + (16 * lane) + (4 * vector) + (i / Group % 4);
                *(sbyte*)destination++ = tap < packing.Window ? packing.Weights[((nint)channel * packing.Window) + tap] : (sbyte)0;
            }
        }
    }

    internal static void FoldOffset(byte* destination, ConvPacking packing)
    {
        packing.InputZeroPoint += InputOffset;
        ConvKernel.FoldZeroPoint(destination, packing);
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

    // Four taps a step: bytes of 32 channels are interleaved tap by tap, and vpdpbusd sums four products a channel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vnni(ConvArguments* a, sbyte* corner, int* sums, int windows)
    {
        int channels = a->Geometry.Channels;
        nint step = (nint)a->Geometry.StrideWidth * channels;
        int* lastTap = a->Taps + a->TapCount;
        Vector256<byte> offset = Vector256.Create((byte)InputOffset);
        for (int block = 0, blocks = Blocks(channels); block < blocks; block++)
        {
            int first = First(block, channels);
            byte* x = (byte*)corner + first;
            int* bias = a->Bias + first;
            int* y = sums + first;
            for (int window = 0; window < windows; window++)
            {
                sbyte* w = a->Weights + ((nint)block * BlockChannels * a->TapCount);
                Vector256<int> s0 = Load(bias);
                Vector256<int> s1 = Load(bias + 4);
                Vector256<int> s2 = Load(bias + 8);
                Vector256<int> s3 = Load(bias + 12);
                for (int* tap = a->Taps; tap < lastTap; tap += Group)
                {
                    Vector256<byte> x0 = Vector256.Load(x + tap[0]) ^ offset;
                    Vector256<byte> x1 = Vector256.Load(x + tap[1]) ^ offset;
                    Vector256<byte> x2 = Vector256.Load(x + tap[2]) ^ offset;
                    Vector256<byte> x3 = Vector256.Load(x + tap[3]) ^ offset;
                    Vector256<short> low01 = Avx2.UnpackLow(x0, x1).AsInt16();
                    Vector256<short> high01 = Avx2.UnpackHigh(x0, x1).AsInt16();
                    Vector256<short> low23 = Avx2.UnpackLow(x2, x3).AsInt16();
                    Vector256<short> high23 = Avx2.UnpackHigh(x2, x3).AsInt16();
                    s0 = AvxVnni.MultiplyWideningAndAdd(s0, Avx2.UnpackLow(low01, low23).AsByte(), Vector256.Load(w));
                    s1 = AvxVnni.MultiplyWideningAndAdd(s1, Avx2.UnpackHigh(low01, low23).AsByte(), Vector256.Load(w + 32));
                    s2 = AvxVnni.MultiplyWideningAndAdd(s2, Avx2.UnpackLow(high01, high23).AsByte(), Vector256.Load(w + 64));
                    s3 = AvxVnni.MultiplyWideningAndAdd(s3, Avx2.UnpackHigh(high01, high23).AsByte(), Vector256.Load(w + 96));
                    w += BlockChannels * Group;
                }

                Store(s0, s1, s2, s3, y);
                x += step;
                y += a->SumStride;
            }
        }
    }

    /// <summary>The bias of 4 channels and of those 16 further on: the lanes that unpacking leaves together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Load(int* bias) => Vector256.Create(Vector128.Load(bias), Vector128.Load(bias + 16));

    /// <summary>Stores sums of 32 channels, four and four as <see cref="Load"/> loads them, in the order of the channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector256<int> s0, Vector256<int> s1, Vector256<int> s2, Vector256<int> s3, int* sums)
    {
        Vector256.Create(s0.GetLower(), s1.GetLower()).Store(sums);
        Vector256.Create(s2.GetLower(), s3.GetLower()).Store(sums + 8);
        Vector256.Create(s0.GetUpper(), s1.GetUpper()).Store(sums + 16);
        Vector256.Create(s2.GetUpper(), s3.GetUpper()).Store(sums + 24);
    }

    // smull makes int16 products of int8, saddw adds them to int32 sums: 16 channels a step.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Arm(ConvArguments* a, sbyte* corner, int* sums, int windows)
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        nint channels = g.Channels;
        nint rowStride = (nint)g.ReachedWidth * channels * g.DilationHeight;
        nint columnStride = (nint)g.DilationWidth * channels;
        nint step = (nint)g.StrideWidth * channels;
        nint channel = 0;
        for (; channel <= channels - Vector128<sbyte>.Count; channel += Vector128<sbyte>.Count)
        {
            int* bias = a->Bias + channel;
            sbyte* first = corner + channel;
            int* y = sums + channel;
            for (int window = 0; window < windows; window++)
            {
                Vector128<int> s0 = Vector128.Load(bias);
                Vector128<int> s1 = Vector128.Load(bias + 4);
                Vector128<int> s2 = Vector128.Load(bias + 8);
                Vector128<int> s3 = Vector128.Load(bias + 12);
                sbyte* w = a->Weights + channel;
                sbyte* row = first;
                for (int i = 0; i < g.KernelHeight; i++, row += rowStride)
                {
                    sbyte* x = row;
                    for (int j = 0; j < g.KernelWidth; j++)
                    {
                        Vector128<sbyte> inputs = Vector128.Load(x);
                        Vector128<sbyte> weights = Vector128.Load(w);
                        Vector128<short> low = AdvSimd.MultiplyWideningLower(inputs.GetLower(), weights.GetLower());
                        Vector128<short> high = AdvSimd.MultiplyWideningUpper(inputs, weights);
                        s0 = AdvSimd.AddWideningLower(s0, low.GetLower());
                        s1 = AdvSimd.AddWideningUpper(s1, low);
                        s2 = AdvSimd.AddWideningLower(s2, high.GetLower());
                        s3 = AdvSimd.AddWideningUpper(s3, high);
                        x += columnStride;
                        w += channels;
                    }
                }

                s0.Store(y);
                s1.Store(y + 4);
                s2.Store(y + 8);
                s3.Store(y + 12);
                first += step;
                y += a->SumStride;
            }
        }

        for (int window = 0; window < windows; window++)
        {
            Rest(a, corner + (window * step), sums + (window * a->SumStride), (int)channel);
        }
    }

    private static void Widening(ConvArguments* a, sbyte* corner, int* sums, int windows)
    {
        nint step = (nint)a->Geometry.StrideWidth * a->Geometry.Channels;
        for (int i = 0; i < windows; i++)
        {
            Widening(a, corner, sums);
            corner += step;
            sums += a->SumStride;
        }
    }

    private static void Widening(ConvArguments* a, sbyte* corner, int* sums)
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        nint rowStride = (nint)g.ReachedWidth * g.Channels * g.DilationHeight;
        nint columnStride = (nint)g.DilationWidth * g.Channels;
        int quarter = Vector<int>.Count;
        int channel = 0;
        for (; channel <= g.Channels - Vector<sbyte>.Count; channel += Vector<sbyte>.Count)
        {
            Vector<int> s0 = Vector.Load(a->Bias + channel);
            Vector<int> s1 = Vector.Load(a->Bias + channel + quarter);
            Vector<int> s2 = Vector.Load(a->Bias + channel + (2 * quarter));
            Vector<int> s3 = Vector.Load(a->Bias + channel + (3 * quarter));
            sbyte* w = a->Weights + channel;
            for (int i = 0; i < g.KernelHeight; i++)
            {
                sbyte* x = corner + channel + (i * rowStride);
                for (int j = 0; j < g.KernelWidth; j++)
                {
                    Vector.Widen(Vector.Load(x), out Vector<short> xLow, out Vector<short> xHigh);
                    Vector.Widen(Vector.Load(w), out Vector<short> wLow, out Vector<short> wHigh);
                    Vector.Widen(xLow * wLow, out Vector<int> p0, out Vector<int> p1);
                    Vector.Widen(xHigh * wHigh, out Vector<int> p2, out Vector<int> p3);
                    s0 += p0;
                    s1 += p1;
                    s2 += p2;
                    s3 += p3;
                    x += columnStride;
                    w += g.Channels;
                }
            }

            s0.Store(sums + channel);
            s1.Store(sums + channel + quarter);
            s2.Store(sums + channel + (2 * quarter));
            s3.Store(sums + channel + (3 * quarter));
        }

        Rest(a, corner, sums, channel);
    }

    // Channels that fill no vector.
    private static void Rest(ConvArguments* a, sbyte* corner, int* sums, int channel)
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        nint rowStride = (nint)g.ReachedWidth * g.Channels * g.DilationHeight;
        nint columnStride = (nint)g.DilationWidth * g.Channels;
        for (; channel < g.Channels; channel++)
        {
            int sum = a->Bias[channel];
            sbyte* w = a->Weights + channel;
            for (int i = 0; i < g.KernelHeight; i++)
            {
                sbyte* x = corner + channel + (i * rowStride);
                for (int j = 0; j < g.KernelWidth; j++)
                {
                    sum += *x * *w;
                    x += columnStride;
                    w += g.Channels;
                }
            }

            sums[channel] = sum;
        }
    }
}
