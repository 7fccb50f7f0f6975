using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>scale · (x − zero point) of int8 and int16, one rounding each.</summary>
internal static unsafe class ScaledIntegers
{
    /// <summary>Whole vectors of n integers; gives how many those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint Store(sbyte* source, float* destination, nint n, float scale, int zeroPoint)
    {
        var factor = new Vector<float>(scale);
        var zero = new Vector<int>(zeroPoint);
        nint i = 0;
        for (; i <= n - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(Vector.Load(source + i), out Vector<short> low, out Vector<short> high);
            Store(low, destination + i, factor, zero);
            Store(high, destination + i + Vector<short>.Count, factor, zero);
        }

        return i;
    }

    /// <summary>Whole vectors of n integers; gives how many those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint Store(short* source, float* destination, nint n, float scale, int zeroPoint)
    {
        var factor = new Vector<float>(scale);
        var zero = new Vector<int>(zeroPoint);
        nint i = 0;
        for (; i <= n - Vector<short>.Count; i += Vector<short>.Count)
        {
            Store(Vector.Load(source + i), destination + i, factor, zero);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<short> x, float* destination, Vector<float> factor, Vector<int> zero)
    {
        Vector.Widen(x, out Vector<int> low, out Vector<int> high);
        (factor * Vector.ConvertToSingle(low - zero)).Store(destination);
        (factor * Vector.ConvertToSingle(high - zero)).Store(destination + Vector<float>.Count);
    }
}
