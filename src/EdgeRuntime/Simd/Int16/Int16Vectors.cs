using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary>Products and sums of arrays of int16, exact.</summary>
internal static unsafe class Int16Vectors
{
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
}
