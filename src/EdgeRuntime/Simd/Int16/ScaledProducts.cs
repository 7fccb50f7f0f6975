using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary>How products of two int16, −2³⁰ to less than 2³⁰, are requantized by one multiplier for all.</summary>
internal struct ProductScale
{
    /// <summary>Not negative.</summary>
    internal int Multiplier;

    /// <summary>After the multiplication, 1 to 31, rounded to nearest with ties away from zero.</summary>
    internal int Right;

    /// <summary>Half of what is shifted out, and the zero point.</summary>
    internal int Half;
}

/// <summary>
/// Products of two arrays of int16, requantized, 16 at once: AVX2, and <see cref="AdvSimdProducts"/> on Arm64. Neither arrays of factors are read nor
/// products stored. A tie goes away from zero by (x + half − [x &lt; 0]) &gt;&gt; right.
/// </summary>
internal static unsafe class ScaledProducts
{
    /// <summary>Elements of a step.</summary>
    internal const int Count = 16;

    internal static bool IsSupported => Avx2.IsSupported || AdvSimdProducts.IsSupported;

    /// <summary>outputs = left · right, or left · 2¹⁵ where there is no right, bounded to int16, in whole steps; gives how many elements those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int ToInt16(short* left, short* right, in ProductScale how, short* outputs, int count)
    {
        if (AdvSimdProducts.IsSupported)
        {
            return AdvSimdProducts.ToInt16(left, right, in how, outputs, count);
        }

        ProductScale scale = how;
        int i = 0;
        for (; i <= count - Count; i += Count)
        {
            Values(left, right, i, in scale).Store(outputs + i);
        }

        return i;
    }

    /// <summary>The same, bounded to int8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int ToInt8(short* left, short* right, in ProductScale how, sbyte* outputs, int count)
    {
        if (AdvSimdProducts.IsSupported)
        {
            return AdvSimdProducts.ToInt8(left, right, in how, outputs, count);
        }

        ProductScale scale = how;
        int i = 0;
        for (; i <= count - Count; i += Count)
        {
            Vector256<short> values = Values(left, right, i, in scale);
            Sse2.PackSignedSaturate(values.GetLower(), values.GetUpper()).Store(outputs + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Values(short* left, short* right, int i, in ProductScale scale)
    {
        Vector256<short> x = Vector256.Load(left + i);
        Vector256<int> low, high;
        if (right == null)
        {
            low = Avx2.UnpackLow(Vector256<short>.Zero, x).AsInt32() >> 1;
            high = Avx2.UnpackHigh(Vector256<short>.Zero, x).AsInt32() >> 1;
        }
        else
        {
            Vector256<short> y = Vector256.Load(right + i);
            Vector256<short> lower = x * y;
            Vector256<short> upper = Avx2.MultiplyHigh(x, y);
            low = Avx2.UnpackLow(lower, upper).AsInt32();
            high = Avx2.UnpackHigh(lower, upper).AsInt32();
        }

        return Avx2.PackSignedSaturate(Scaled(low, in scale), Scaled(high, in scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Scaled(Vector256<int> x, in ProductScale scale)
    {
        Vector256<int> multiplier = Vector256.Create(scale.Multiplier);
        Vector256<long> nudge = Vector256.Create(1L << 31);
        x += x;
        Vector256<long> even = Avx2.Multiply(x, multiplier) + nudge;
        Vector256<long> odd = Avx2.Multiply((x.AsInt64() >>> 32).AsInt32(), multiplier) + nudge;
        x = Avx2.Blend(Avx.DuplicateOddIndexed(even.AsSingle()).AsInt32(), odd.AsInt32(), 0b1010_1010);
        return Vector256.ShiftRightArithmetic(x + Vector256.Create(scale.Half) + (x >> 31), scale.Right);
    }
}
