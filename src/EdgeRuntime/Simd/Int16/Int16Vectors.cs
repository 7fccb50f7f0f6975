using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary>Products and sums of arrays of int16, exact or rounded with ties up.</summary>
internal static unsafe class Int16Vectors
{
    /// <summary>1 is 2 to this power in what is a share of 1.</summary>
    internal const int UnitBits = 15;

    private const int Half = 1 << (UnitBits - 1);

    /// <summary>products = left · right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply(short* left, short* right, int* products, int count)
    {
        int i = 0;
        for (; i <= count - Vector128<short>.Count; i += Vector128<short>.Count)
        {
            (Vector128<int> low, Vector128<int> high) = Vector128.Widen(Vector128.Load(left + i));
            (Vector128<int> lowRight, Vector128<int> highRight) = Vector128.Widen(Vector128.Load(right + i));
            (low * lowRight).Store(products + i);
            (high * highRight).Store(products + i + Vector128<int>.Count);
        }

        for (; i < count; i++)
        {
            products[i] = left[i] * right[i];
        }
    }

    /// <summary>sums = left + right, within two bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddWithin(short* left, short* right, short low, short high, short* sums, int count)
    {
        int i = 0;
        for (; i <= count - Vector128<short>.Count; i += Vector128<short>.Count)
        {
            Vector128<short> sum = Vector128.AddSaturate(Vector128.Load(left + i), Vector128.Load(right + i));
            Vector128.Clamp(sum, Vector128.Create(low), Vector128.Create(high)).Store(sums + i);
        }

        for (; i < count; i++)
        {
            sums[i] = (short)Math.Clamp(left[i] + right[i], low, high);
        }
    }

    /// <summary>x = share · x, bounded to int16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Scale(short* share, short* x, int count)
    {
        int i = 0;
        for (; i <= count - Vector128<short>.Count; i += Vector128<short>.Count)
        {
            (Vector128<int> low, Vector128<int> high) = Vector128.Widen(Vector128.Load(x + i));
            (Vector128<int> lowShare, Vector128<int> highShare) = Vector128.Widen(Vector128.Load(share + i));
            Vector128.NarrowWithSaturation(Rounded(low * lowShare), Rounded(high * highShare)).Store(x + i);
        }

        for (; i < count; i++)
        {
            x[i] = Saturated(((share[i] * x[i]) + Half) >> UnitBits);
        }
    }

    /// <summary>y = x + share · (y − x), bounded to int16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Blend(short* share, short* x, short* y, int count)
    {
        int i = 0;
        for (; i <= count - Vector128<short>.Count; i += Vector128<short>.Count)
        {
            (Vector128<int> low, Vector128<int> high) = Vector128.Widen(Vector128.Load(x + i));
            (Vector128<int> lowOther, Vector128<int> highOther) = Vector128.Widen(Vector128.Load(y + i));
            (Vector128<int> lowShare, Vector128<int> highShare) = Vector128.Widen(Vector128.Load(share + i));
            Vector128<int> lowSum = low + Rounded(lowShare * (lowOther - low));
            Vector128.NarrowWithSaturation(lowSum, high + Rounded(highShare * (highOther - high))).Store(y + i);
        }

        for (; i < count; i++)
        {
            y[i] = Saturated(x[i] + (((share[i] * (y[i] - x[i])) + Half) >> UnitBits));
        }
    }

    // 65535 · 32767 + 2^14 is within 32 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Rounded(Vector128<int> products) => (products + Vector128.Create(Half)) >> UnitBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static short Saturated(int value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);
}
