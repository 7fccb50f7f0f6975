using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary><see cref="ScaledProducts"/>, 8 at once for Arm64, whose sqrdmulh doubles the product itself.</summary>
internal static unsafe class AdvSimdProducts
{
    private const int Count = 8;

    internal static bool IsSupported => AdvSimd.Arm64.IsSupported;

    /// <summary>outputs = left · right, or left · 2¹⁵ where there is no right, bounded to int16, in whole steps; gives how many elements those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int ToInt16(short* left, short* right, in ProductScale how, short* outputs, int count)
    {
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
        ProductScale scale = how;
        int i = 0;
        for (; i <= count - Count; i += Count)
        {
            AdvSimd.ExtractNarrowingSaturateLower(Values(left, right, i, in scale)).Store(outputs + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Values(short* left, short* right, int i, in ProductScale scale)
    {
        Vector128<short> x = Vector128.Load(left + i);
        Vector128<int> low, high;
        if (right == null)
        {
            low = AdvSimd.ShiftLeftLogicalWideningLower(x.GetLower(), Int16Vectors.UnitBits);
            high = AdvSimd.ShiftLeftLogicalWideningUpper(x, Int16Vectors.UnitBits);
        }
        else
        {
            Vector128<short> y = Vector128.Load(right + i);
            low = AdvSimd.MultiplyWideningLower(x.GetLower(), y.GetLower());
            high = AdvSimd.MultiplyWideningUpper(x, y);
        }

        return AdvSimd.ExtractNarrowingSaturateUpper(AdvSimd.ExtractNarrowingSaturateLower(Scaled(low, in scale)), Scaled(high, in scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Scaled(Vector128<int> x, in ProductScale scale)
    {
        x = AdvSimd.MultiplyRoundedDoublingSaturateHigh(x, Vector128.Create(scale.Multiplier));
        return AdvSimd.ShiftArithmetic(AdvSimd.ShiftRightArithmeticAdd(x + Vector128.Create(scale.Half), x, 31), Vector128.Create(-scale.Right));
    }
}
