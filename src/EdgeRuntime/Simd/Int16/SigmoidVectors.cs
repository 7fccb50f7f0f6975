using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary>
/// <see cref="SigmoidLines"/> over 16 elements at once, bit for bit: AVX2, and <see cref="AdvSimdSigmoids"/> on Arm64. With L the line less its value at 0, moved to be odd, what a negative input has is
/// −((L + half) &gt;&gt; bits), as ⌊(half − 1 − L) / 2^bits⌋ is.
/// </summary>
internal static unsafe class SigmoidVectors
{
    /// <summary>Elements of a step.</summary>
    internal const int Count = 16;

    /// <summary>Bits of a position between the ends of a line, where sigmoid and tanh look it up.</summary>
    internal const int SigmoidBits = 9;

    /// <inheritdoc cref="SigmoidBits"/>
    internal const int TanhBits = 8;

    internal static bool IsSupported => Avx2.IsSupported || AdvSimdSigmoids.IsSupported;

    /// <summary>x = sigmoid(x + more), the sum bounded to int16, in whole steps; gives how many elements those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Sigmoid(short* x, short* more, int count, int* pairs)
    {
        if (AdvSimdSigmoids.IsSupported)
        {
            return AdvSimdSigmoids.Sigmoid(x, more, count, pairs);
        }

        int i = 0;
        for (; i <= count - Count; i += Count)
        {
            Vector256<short> sum = Avx2.AddSaturate(Vector256.Load(x + i), Vector256.Load(more + i));
            (Vector256<int> low, Vector256<int> high) = Lines(sum, SigmoidBits, pairs);
            Vector256<int> half = Vector256.Create(1 << SigmoidBits);
            Vector256<short> values = Avx2.PackSignedSaturate((low + half) >> (SigmoidBits + 1), (high + half) >> (SigmoidBits + 1));
            (Signed(values, sum) + Vector256.Create((short)(1 << 14))).Store(x + i);
        }

        return i;
    }

    /// <summary>x = tanh(x + more) in the same way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Tanh(short* x, short* more, int count, int* pairs)
    {
        if (AdvSimdSigmoids.IsSupported)
        {
            return AdvSimdSigmoids.Tanh(x, more, count, pairs);
        }

        int i = 0;
        for (; i <= count - Count; i += Count)
        {
            Vector256<short> sum = Avx2.AddSaturate(Vector256.Load(x + i), Vector256.Load(more + i));
            (Vector256<int> low, Vector256<int> high) = Lines(sum, TanhBits, pairs);
            Vector256<int> half = Vector256.Create(1 << (TanhBits - 1));
            Signed(Avx2.PackSignedSaturate((low + half) >> TanhBits, (high + half) >> TanhBits), sum).Store(x + i);
        }

        return i;
    }

    /// <summary>y = tanh(x), x at the position that multiplier and shift give it, in whole steps of 8; gives how many elements those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Tanh(short* x, int multiplier, int shift, short* y, int count, int* pairs)
    {
        if (AdvSimdSigmoids.IsSupported)
        {
            return AdvSimdSigmoids.Tanh(x, multiplier, shift, y, count, pairs);
        }

        Vector256<int> half = Vector256.Create(shift > 0 ? 1 << (shift - 1) : 0);
        int i = 0;
        for (; i <= count - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            Vector256<int> position = Vector256.ShiftRightArithmetic((Avx2.ConvertToVector256Int32(x + i) * Vector256.Create(multiplier)) + half, shift);
            Vector256<int> negative = position >> 31;
            Vector256<int> distance = Vector256.Min(Vector256.Abs(position), Vector256.Create(SigmoidPairs.Beyond << TanhBits));
            Vector256<int> fraction = distance & Vector256.Create((1 << TanhBits) - 1);
            Vector256<int> shares = (fraction << 16) - fraction + Vector256.Create(1 << TanhBits);
            Vector256<int> line = Line(distance >>> TanhBits, shares.AsInt16(), pairs);
            line = (line + Vector256.Create(1 << (TanhBits - 1))) >> TanhBits;
            line = (line ^ negative) - negative;
            Vector128.Narrow(line.GetLower(), line.GetUpper()).Store(y + i);
        }

        return i;
    }

    // Of the lower and the upper four of each half, as unpacking and packing take them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> Low, Vector256<int> High) Lines(Vector256<short> sum, int bits, int* pairs)
    {
        // 2¹⁵ as well, the distance of the lowest, as numbers without a sign.
        Vector256<ushort> size = Avx2.Abs(sum);
        Vector256<ushort> index = Avx2.MultiplyHigh(size, Vector256.Create((ushort)(SigmoidLines.Step << (16 - bits))));
        Vector256<short> fraction = (size * Vector256.Create((ushort)SigmoidLines.Step) & Vector256.Create((ushort)((1 << bits) - 1))).AsInt16();
        Vector256<short> rest = Vector256.Create((short)(1 << bits)) - fraction;
        return (
            Line(Avx2.UnpackLow(index, Vector256<ushort>.Zero).AsInt32(), Avx2.UnpackLow(rest, fraction), pairs),
            Line(Avx2.UnpackHigh(index, Vector256<ushort>.Zero).AsInt32(), Avx2.UnpackHigh(rest, fraction), pairs));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Line(Vector256<int> index, Vector256<short> shares, int* pairs) =>
        Avx2.MultiplyAddAdjacent(Avx2.GatherVector256(pairs, index, sizeof(int)).AsInt16(), shares);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Signed(Vector256<short> values, Vector256<short> sum)
    {
        Vector256<short> negative = sum >> 15;
        return (values ^ negative) - negative;
    }
}
