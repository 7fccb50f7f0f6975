using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Requantize;

/// <summary>16 numbers: AVX-512BW.</summary>
internal readonly unsafe struct Avx512RequantizeVector : IRequantizeVector<Avx512RequantizeVector>
{
    private readonly Vector512<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Avx512RequantizeVector(Vector512<int> value) => this.value = value;

    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    public static int Count => 16;

    public static bool Doubles => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Avx512RequantizeVector(int value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector operator +(Avx512RequantizeVector a, Avx512RequantizeVector b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector operator -(Avx512RequantizeVector a, Avx512RequantizeVector b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector operator *(Avx512RequantizeVector a, Avx512RequantizeVector b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector operator &(Avx512RequantizeVector a, Avx512RequantizeVector b) => new(a.value & b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector Load(int* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector LoadInt8(sbyte* source) => new(Avx512F.ConvertToVector512Int32(Vector128.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector LoadInt16(short* source) => new(Avx512F.ConvertToVector512Int32(Vector256.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Avx512RequantizeVector x, int* destination) => x.value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector Min(Avx512RequantizeVector a, Avx512RequantizeVector b) => new(Vector512.Min(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector Max(Avx512RequantizeVector a, Avx512RequantizeVector b) => new(Vector512.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector Greater(Avx512RequantizeVector a, Avx512RequantizeVector b) => new(Vector512.GreaterThan(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector Sign(Avx512RequantizeVector x) => new(x.value >> 31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector Half(Avx512RequantizeVector x) => new(x.value >>> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector ShiftLeft(Avx512RequantizeVector x, Avx512RequantizeVector count) => new(Avx512F.ShiftLeftLogicalVariable(x.value, count.value.AsUInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector ShiftRight(Avx512RequantizeVector x, Avx512RequantizeVector count) => new(Avx512F.ShiftRightArithmeticVariable(x.value, count.value.AsUInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector RoundingShiftRight(Avx512RequantizeVector x, Avx512RequantizeVector count) => RoundingShift.Right(x, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector MultiplyHigh(Avx512RequantizeVector x, Avx512RequantizeVector multiplier)
    {
        // Products of the even lanes, then of the odd ones; the multiplier is not negative, so nothing saturates.
        Vector512<long> nudge = Vector512.Create(1L << 30);
        Vector512<long> even = (Avx512F.Multiply(x.value, multiplier.value) + nudge) >>> 31;
        Vector512<long> odd = (Avx512F.Multiply(Odd(x.value), Odd(multiplier.value)) + nudge) << 1;
        return new(Vector512.ConditionalSelect(Vector512.Create(0x00000000FFFFFFFFL), even, odd).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector Prepare(Avx512RequantizeVector multiplier) => new(Odd(multiplier.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector MultiplyHighBounded(Avx512RequantizeVector x, Avx512RequantizeVector multiplier, Avx512RequantizeVector prepared)
    {
        Vector512<long> nudge = Vector512.Create(1L << 31);
        Vector512<long> even = Avx512F.Multiply(x.value, multiplier.value) + nudge;
        Vector512<long> odd = Avx512F.Multiply(Odd(x.value), prepared.value) + nudge;
        var uppers = Vector512.Create(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
        return new(Avx512F.PermuteVar16x32x2(even.AsInt32(), uppers, odd.AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt8(Avx512RequantizeVector x, sbyte* destination) => Avx512F.ConvertToVector128SByte(x.value).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(Avx512RequantizeVector x, short* destination) => Avx512F.ConvertToVector256Int16(x.value).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16Saturated(Avx512RequantizeVector x, short* destination) => Avx512F.ConvertToVector256Int16WithSaturation(x.value).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512RequantizeVector Bytes(sbyte value) => new(Vector512.Create(value).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRow(Avx512RequantizeVector x, Avx512RequantizeVector min, Avx512RequantizeVector max, sbyte* destination)
    {
        Vector128<sbyte> bytes = Avx512F.ConvertToVector128SByteWithSaturation(x.value);
        Vector128.Min(Vector128.Max(bytes, min.value.AsSByte().GetLower().GetLower()), max.value.AsSByte().GetLower().GetLower()).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRows(Avx512RequantizeVector x0, Avx512RequantizeVector x1, Avx512RequantizeVector x2, Avx512RequantizeVector x3, Avx512RequantizeVector min, Avx512RequantizeVector max, sbyte* destination, nint stride)
    {
        Vector512<sbyte> bytes = Avx512BW.PackSignedSaturate(Avx512BW.PackSignedSaturate(x0.value, x1.value), Avx512BW.PackSignedSaturate(x2.value, x3.value));
        bytes = Vector512.Min(Vector512.Max(bytes, min.value.AsSByte()), max.value.AsSByte());

        // Packing leaves four channels of each row in every 128 bits.
        bytes = Avx512F.PermuteVar16x32(bytes.AsInt32(), Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)).AsSByte();
        bytes.GetLower().GetLower().Store(destination);
        bytes.GetLower().GetUpper().Store(destination + stride);
        bytes.GetUpper().GetLower().Store(destination + (2 * stride));
        bytes.GetUpper().GetUpper().Store(destination + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Odd(Vector512<int> x) => (x.AsInt64() >>> 32).AsInt32();
}
