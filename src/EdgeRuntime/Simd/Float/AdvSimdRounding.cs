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
    internal static void Store(float* source, float* offsets, float* scales, float scale, float zeroPoint, byte* destination, int bytes, nint n)
    {
        Vector128<float> factor = Vector128.Create(scale);
        Vector128<short> zero = Vector128.Create((short)zeroPoint);
        nint last = n - Count;
        nint i = 0;
        while (true)
        {
            Vector128<float> low = Vector128.Load(source + i);
            Vector128<float> high = Vector128.Load(source + i + 4);
            if (offsets != null)
            {
                low -= Vector128.Load(offsets + i);
                high -= Vector128.Load(offsets + i + 4);
            }

            low /= scales == null ? factor : Vector128.Load(scales + i);
            high /= scales == null ? factor : Vector128.Load(scales + i + 4);
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

            if (i == last)
            {
                return;
            }

            // The last vector ends with the row, and does again what the one before it did.
            i = Math.Min(i + Count, last);
        }
    }
}
