using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Requantize;

/// <summary>8 numbers: AVX2.</summary>
internal readonly unsafe struct Avx2RequantizeVector : IRequantizeVector<Avx2RequantizeVector>
{
    private readonly Vector256<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Avx2RequantizeVector(Vector256<int> value) => this.value = value;

    public static bool IsSupported => Avx2.IsSupported;

    public static int Count => 8;

    public static bool Doubles => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Avx2RequantizeVector(int value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector operator +(Avx2RequantizeVector a, Avx2RequantizeVector b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector operator -(Avx2RequantizeVector a, Avx2RequantizeVector b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector operator *(Avx2RequantizeVector a, Avx2RequantizeVector b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector operator &(Avx2RequantizeVector a, Avx2RequantizeVector b) => new(a.value & b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector Load(int* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector LoadInt8(sbyte* source) => new(Avx2.ConvertToVector256Int32(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector LoadInt16(short* source) => new(Avx2.ConvertToVector256Int32(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Avx2RequantizeVector x, int* destination) => x.value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector Min(Avx2RequantizeVector a, Avx2RequantizeVector b) => new(Vector256.Min(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector Max(Avx2RequantizeVector a, Avx2RequantizeVector b) => new(Vector256.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector Greater(Avx2RequantizeVector a, Avx2RequantizeVector b) => new(Vector256.GreaterThan(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector Sign(Avx2RequantizeVector x) => new(x.value >> 31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector Half(Avx2RequantizeVector x) => new(x.value >>> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector ShiftLeft(Avx2RequantizeVector x, Avx2RequantizeVector count) => new(Avx2.ShiftLeftLogicalVariable(x.value, count.value.AsUInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector ShiftRight(Avx2RequantizeVector x, Avx2RequantizeVector count) => new(Avx2.ShiftRightArithmeticVariable(x.value, count.value.AsUInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector RoundingShiftRight(Avx2RequantizeVector x, Avx2RequantizeVector count) => RoundingShift.Right(x, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector MultiplyHigh(Avx2RequantizeVector x, Avx2RequantizeVector multiplier)
    {
        // Products of the even lanes, then of the odd ones; the multiplier is not negative, so nothing saturates.
        Vector256<long> nudge = Vector256.Create(1L << 30);
        Vector256<long> even = (Avx2.Multiply(x.value, multiplier.value) + nudge) >>> 31;
        Vector256<long> odd = (Avx2.Multiply(Odd(x.value), Odd(multiplier.value)) + nudge) << 1;
        return new(Avx2.Blend(even.AsInt32(), odd.AsInt32(), 0b1010_1010));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector Prepare(Avx2RequantizeVector multiplier) => new(Odd(multiplier.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector MultiplyHighBounded(Avx2RequantizeVector x, Avx2RequantizeVector multiplier, Avx2RequantizeVector prepared)
    {
        Vector256<long> nudge = Vector256.Create(1L << 31);
        Vector256<long> even = Avx2.Multiply(x.value, multiplier.value) + nudge;
        Vector256<long> odd = Avx2.Multiply(Odd(x.value), prepared.value) + nudge;
        return new(Avx2.Blend(Avx.DuplicateOddIndexed(even.AsSingle()).AsInt32(), odd.AsInt32(), 0b1010_1010));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt8(Avx2RequantizeVector x, sbyte* destination)
    {
        Vector128<short> narrow = Vector128.Narrow(x.value.GetLower(), x.value.GetUpper());
        Unsafe.WriteUnaligned(destination, Vector128.Narrow(narrow, narrow).AsInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(Avx2RequantizeVector x, short* destination) => Vector128.Narrow(x.value.GetLower(), x.value.GetUpper()).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16Saturated(Avx2RequantizeVector x, short* destination) => Sse2.PackSignedSaturate(x.value.GetLower(), x.value.GetUpper()).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2RequantizeVector Bytes(sbyte value) => new(Vector256.Create(value).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRow(Avx2RequantizeVector x, Avx2RequantizeVector min, Avx2RequantizeVector max, sbyte* destination)
    {
        Vector128<short> narrow = Sse2.PackSignedSaturate(x.value.GetLower(), x.value.GetUpper());
        Vector128<sbyte> bytes = Sse2.PackSignedSaturate(narrow, narrow);
        bytes = Vector128.Min(Vector128.Max(bytes, min.value.AsSByte().GetLower()), max.value.AsSByte().GetLower());
        Unsafe.WriteUnaligned(destination, bytes.AsInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRows(Avx2RequantizeVector x0, Avx2RequantizeVector x1, Avx2RequantizeVector x2, Avx2RequantizeVector x3, Avx2RequantizeVector min, Avx2RequantizeVector max, sbyte* destination, nint stride)
    {
        Vector256<sbyte> bytes = Avx2.PackSignedSaturate(Avx2.PackSignedSaturate(x0.value, x1.value), Avx2.PackSignedSaturate(x2.value, x3.value));
        bytes = Vector256.Min(Vector256.Max(bytes, min.value.AsSByte()), max.value.AsSByte());

        // Packing leaves four channels of each row in either 128 bits.
        Vector256<long> rows = Avx2.PermuteVar8x32(bytes.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsInt64();
        Unsafe.WriteUnaligned(destination, rows.GetElement(0));
        Unsafe.WriteUnaligned(destination + stride, rows.GetElement(1));
        Unsafe.WriteUnaligned(destination + (2 * stride), rows.GetElement(2));
        Unsafe.WriteUnaligned(destination + (3 * stride), rows.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Odd(Vector256<int> x) => (x.AsInt64() >>> 32).AsInt32();
}
