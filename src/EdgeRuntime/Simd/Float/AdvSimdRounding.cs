using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>
/// Float32 numbers as int8 or int16: Arm64's fcvtas rounds as Quantize does, ties away from zero, takes NaN for 0 and saturates, and so do the
/// addition of the zero point and the narrowing.
/// </summary>
internal static unsafe class AdvSimdRounding
{
    /// <summary>Numbers of a step; there must be as many.</summary>
    internal const int Count = 8;

    internal static bool IsSupported => AdvSimd.Arm64.IsSupported;

    /// <summary>Stores clamp(round((x − offset) / scale) + zero point) of n numbers, as int8 or as int16.</summary>
    /// <param name="source">n numbers.</param>
    /// <param name="offsets">Of each number, or null.</param>
    /// <param name="scales">Of each number, or null for <paramref name="scale"/>.</param>
    /// <param name="scale">Of all.</param>
    /// <param name="zeroPoint">An int8; 0 for int16, which saturate before it is added.</param>
    /// <param name="destination">n integers.</param>
    /// <param name="bytes">1 for int8, 2 for int16.</param>
    /// <param name="n">8 or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Store(float* source, float* offsets, float* scales, float scale, int zeroPoint, byte* destination, int bytes, nint n)
    {
        Vector128<float> factor = Vector128.Create(scale);
        Vector128<short> zero = Vector128.Create((short)zeroPoint);
        nint last = n - Count;
        for (nint i = 0; i < last; i += Count)
        {
            Step(source, offsets, scales, factor, zero, destination, bytes, i);
        }

        // The last vector ends with the row, and may do again what the one before it did.
        Step(source, offsets, scales, factor, zero, destination, bytes, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(float* source, float* offsets, float* scales, Vector128<float> factor, Vector128<short> zero, byte* destination, int bytes, nint i)
    {
        source += i;
        Vector128<float> low = Vector128.Load(source);
        Vector128<float> high = Vector128.Load(source + 4);
        if (offsets != null)
        {
            offsets += i;
            low -= Vector128.Load(offsets);
            high -= Vector128.Load(offsets + 4);
        }

        if (scales == null)
        {
            low /= factor;
            high /= factor;
        }
        else
        {
            scales += i;
            low /= Vector128.Load(scales);
            high /= Vector128.Load(scales + 4);
        }

        Vector64<short> narrow = AdvSimd.ExtractNarrowingSaturateLower(AdvSimd.ConvertToInt32RoundAwayFromZero(low));
        Vector128<short> integers = AdvSimd.ExtractNarrowingSaturateUpper(narrow, AdvSimd.ConvertToInt32RoundAwayFromZero(high));
        if (bytes == 1)
        {
            AdvSimd.ExtractNarrowingSaturateLower(AdvSimd.AddSaturate(integers, zero)).Store((sbyte*)destination + i);
        }
        else
        {
            integers.Store((short*)destination + i);
        }
    }
}
