using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeInference.Runtime.Simd.Int8.Requantize;

/// <summary>8 numbers in two vectors: Arm64's Advanced SIMD, whose sqrdmulh rounds ties up and saturates exactly as FixedPoint.SaturatingRoundingDoublingHighMul.</summary>
internal readonly unsafe struct AdvSimdRequantizeVector : IRequantizeVector<AdvSimdRequantizeVector>
{
    private readonly Vector128<int> low;
    private readonly Vector128<int> high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private AdvSimdRequantizeVector(Vector128<int> low, Vector128<int> high)
    {
        this.low = low;
        this.high = high;
    }

    public static bool IsSupported => AdvSimd.IsSupported;

    public static int Count => 8;

    public static bool Doubles => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator AdvSimdRequantizeVector(int value) => new(Vector128.Create(value), Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector operator +(AdvSimdRequantizeVector a, AdvSimdRequantizeVector b) => new(a.low + b.low, a.high + b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector operator -(AdvSimdRequantizeVector a, AdvSimdRequantizeVector b) => new(a.low - b.low, a.high - b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector operator *(AdvSimdRequantizeVector a, AdvSimdRequantizeVector b) => new(a.low * b.low, a.high * b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector operator &(AdvSimdRequantizeVector a, AdvSimdRequantizeVector b) => new(a.low & b.low, a.high & b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector Load(int* source) => new(Vector128.Load(source), Vector128.Load(source + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector LoadInt8(sbyte* source) => Widened(AdvSimd.SignExtendWideningLower(Vector64.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector LoadInt16(short* source) => Widened(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(AdvSimdRequantizeVector x, int* destination)
    {
        x.low.Store(destination);
        x.high.Store(destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector Min(AdvSimdRequantizeVector a, AdvSimdRequantizeVector b) => new(Vector128.Min(a.low, b.low), Vector128.Min(a.high, b.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector Max(AdvSimdRequantizeVector a, AdvSimdRequantizeVector b) => new(Vector128.Max(a.low, b.low), Vector128.Max(a.high, b.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector Greater(AdvSimdRequantizeVector a, AdvSimdRequantizeVector b) => new(Vector128.GreaterThan(a.low, b.low), Vector128.GreaterThan(a.high, b.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector Sign(AdvSimdRequantizeVector x) => new(x.low >> 31, x.high >> 31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector Half(AdvSimdRequantizeVector x) => new(x.low >>> 1, x.high >>> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector ShiftLeft(AdvSimdRequantizeVector x, AdvSimdRequantizeVector count) => new(AdvSimd.ShiftLogical(x.low, count.low), AdvSimd.ShiftLogical(x.high, count.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector ShiftRight(AdvSimdRequantizeVector x, AdvSimdRequantizeVector count) => new(AdvSimd.ShiftArithmetic(x.low, -count.low), AdvSimd.ShiftArithmetic(x.high, -count.high));

    // srshl rounds ties up. One less is the next number below, for negative ones that are shifted at all; below the lowest there is none, and
    // that one has no tie.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector RoundingShiftRight(AdvSimdRequantizeVector x, AdvSimdRequantizeVector count) => new(RoundingShiftRight(x.low, -count.low), RoundingShiftRight(x.high, -count.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector MultiplyHigh(AdvSimdRequantizeVector x, AdvSimdRequantizeVector multiplier) =>
        new(AdvSimd.MultiplyRoundedDoublingSaturateHigh(x.low, multiplier.low), AdvSimd.MultiplyRoundedDoublingSaturateHigh(x.high, multiplier.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector Prepare(AdvSimdRequantizeVector multiplier) => multiplier;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector MultiplyHighBounded(AdvSimdRequantizeVector x, AdvSimdRequantizeVector multiplier, AdvSimdRequantizeVector prepared) =>
        MultiplyHigh(x, multiplier);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt8(AdvSimdRequantizeVector x, sbyte* destination) => AdvSimd.ExtractNarrowingLower(Vector128.Narrow(x.low, x.high)).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(AdvSimdRequantizeVector x, short* destination) => Vector128.Narrow(x.low, x.high).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16Saturated(AdvSimdRequantizeVector x, short* destination) => AdvSimd.ExtractNarrowingSaturateUpper(AdvSimd.ExtractNarrowingSaturateLower(x.low), x.high).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdRequantizeVector Bytes(sbyte value) => new(Vector128.Create(value).AsInt32(), Vector128.Create(value).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRow(AdvSimdRequantizeVector x, AdvSimdRequantizeVector min, AdvSimdRequantizeVector max, sbyte* destination)
    {
        Vector128<short> narrow = AdvSimd.ExtractNarrowingSaturateUpper(AdvSimd.ExtractNarrowingSaturateLower(x.low), x.high);
        Vector64<sbyte> bytes = AdvSimd.ExtractNarrowingSaturateLower(narrow);
        Vector64.Min(Vector64.Max(bytes, min.low.AsSByte().GetLower()), max.low.AsSByte().GetLower()).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRows(
        AdvSimdRequantizeVector x0, AdvSimdRequantizeVector x1, AdvSimdRequantizeVector x2, AdvSimdRequantizeVector x3, AdvSimdRequantizeVector min, AdvSimdRequantizeVector max, sbyte* destination, nint stride)
    {
        StoreRow(x0, min, max, destination);
        StoreRow(x1, min, max, destination + stride);
        StoreRow(x2, min, max, destination + (2 * stride));
        StoreRow(x3, min, max, destination + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> RoundingShiftRight(Vector128<int> x, Vector128<int> negativeCount) =>
        AdvSimd.ShiftArithmeticRounded(AdvSimd.AddSaturate(x, (x & negativeCount) >> 31), negativeCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static AdvSimdRequantizeVector Widened(Vector128<short> x) => new(AdvSimd.SignExtendWideningLower(x.GetLower()), AdvSimd.SignExtendWideningUpper(x));
}
