using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Sums;

/// <summary>
/// int32 sums of 8 channels, to which AVX2's vpmaddwd adds two products each: of an element, the one below it in the image, and their
/// weights. Elements are int16, two of a channel side by side. Exact: nothing saturates and int32 wraps.
/// </summary>
internal readonly unsafe struct Avx2PairSums
{
    /// <summary>Channels that are summed together.</summary>
    internal const int Channels = 8;

    /// <summary>Bytes of two elements of a channel.</summary>
    internal const int PairBytes = 2 * sizeof(short);

    private readonly Vector256<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Avx2PairSums(Vector256<int> value) => this.value = value;

    internal static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2PairSums operator +(Avx2PairSums a, Avx2PairSums b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Avx2PairSums Load(int* source) => new(Vector256.Load(source));

    /// <summary>Two weights of each channel, side by side, as int16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Avx2PairSums LoadWeights(sbyte* source) => new(Avx2.ConvertToVector256Int16(source).AsInt32());

    /// <summary>The products of pairs of elements and of weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Avx2PairSums Multiply(byte* pairs, Avx2PairSums weights) => new(Avx2.MultiplyAddAdjacent(weights.value.AsInt16(), Vector256.Load((short*)pairs)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Avx2PairSums sums, int* destination) => sums.value.Store(destination);

    /// <summary>Lays n elements of two rows side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Interleave(sbyte* upper, sbyte* lower, short* pairs, nint n)
    {
        nint i = 0;
        for (; i <= n - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            Vector128<sbyte> first = Vector128.Load(upper + i);
            Vector128<sbyte> second = Vector128.Load(lower + i);
            Avx2.ConvertToVector256Int16(Sse2.UnpackLow(first, second)).Store(pairs + (2 * i));
            Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(first, second)).Store(pairs + (2 * i) + 16);
        }

        for (; i < n; i++)
        {
            pairs[2 * i] = upper[i];
            pairs[(2 * i) + 1] = lower[i];
        }
    }

    /// <summary>Lays n elements of two rows side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Interleave(short* upper, short* lower, short* pairs, nint n)
    {
        nint i = 0;
        for (; i <= n - Vector128<short>.Count; i += Vector128<short>.Count)
        {
            Vector128<short> first = Vector128.Load(upper + i);
            Vector128<short> second = Vector128.Load(lower + i);
            Sse2.UnpackLow(first, second).Store(pairs + (2 * i));
            Sse2.UnpackHigh(first, second).Store(pairs + (2 * i) + 8);
        }

        for (; i < n; i++)
        {
            pairs[2 * i] = upper[i];
            pairs[(2 * i) + 1] = lower[i];
        }
    }
}
