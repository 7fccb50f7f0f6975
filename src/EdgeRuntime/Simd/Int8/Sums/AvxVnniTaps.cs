using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Sums;

/// <summary>Four elements of each of 32 channels, interleaved for AVX-VNNI's vpdpbusd, and unsigned as it takes them.</summary>
internal readonly unsafe struct AvxVnniTaps
{
    /// <summary>Channels that are summed together.</summary>
    internal const int Channels = 32;

    /// <summary>Elements of a channel.</summary>
    internal const int Count = 4;

    /// <summary>What is added to every element; its share of the sums is taken out through the bias.</summary>
    internal const int InputOffset = 128;

    internal readonly Vector256<byte> X0;
    internal readonly Vector256<byte> X1;
    internal readonly Vector256<byte> X2;
    internal readonly Vector256<byte> X3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal AvxVnniTaps(byte* tap0, byte* tap1, byte* tap2, byte* tap3)
        : this(Unsigned(tap0), Unsigned(tap1), Unsigned(tap2), Unsigned(tap3))
    {
    }

    /// <summary>Three elements, and a zero that makes four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal AvxVnniTaps(byte* tap0, byte* tap1, byte* tap2)
        : this(Unsigned(tap0), Unsigned(tap1), Unsigned(tap2), Vector256<byte>.Zero)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private AvxVnniTaps(Vector256<byte> tap0, Vector256<byte> tap1, Vector256<byte> tap2, Vector256<byte> tap3)
    {
        Vector256<short> low01 = Avx2.UnpackLow(tap0, tap1).AsInt16();
        Vector256<short> high01 = Avx2.UnpackHigh(tap0, tap1).AsInt16();
        Vector256<short> low23 = Avx2.UnpackLow(tap2, tap3).AsInt16();
        Vector256<short> high23 = Avx2.UnpackHigh(tap2, tap3).AsInt16();
        X0 = Avx2.UnpackLow(low01, low23).AsByte();
        X1 = Avx2.UnpackHigh(low01, low23).AsByte();
        X2 = Avx2.UnpackLow(high01, high23).AsByte();
        X3 = Avx2.UnpackHigh(high01, high23).AsByte();
    }

    internal static bool IsSupported => AvxVnni.IsSupported;

    /// <summary>Where, among the weights of 4 · 32 products, that of one channel and tap lies: the order in which unpacking leaves inputs.</summary>
    internal static (int Channel, int Tap) WeightAt(int position)
    {
        int vector = position / Channels;
        int lane = position / 16 % 2;
        return ((16 * lane) + (4 * vector) + (position / Count % 4), position % Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Unsigned(byte* elements) => Vector256.Load(elements) ^ Vector256.Create((byte)InputOffset);
}
