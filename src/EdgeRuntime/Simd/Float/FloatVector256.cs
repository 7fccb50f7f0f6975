using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>Eight float32: AVX2.</summary>
internal readonly unsafe struct FloatVector256 : IFloatVector<FloatVector256>
{
    private const int UpperHalfMask = unchecked((int)0xFFFFF000);
    private const int SignificandBits = 23;
    private const float ExponentBias = 127f;

    private readonly Vector256<float> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FloatVector256(Vector256<float> value) => this.value = value;

    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public static int Count => 8;

    public static int Registers => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator FloatVector256(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 operator +(FloatVector256 a, FloatVector256 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 operator -(FloatVector256 a, FloatVector256 b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 operator *(FloatVector256 a, FloatVector256 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 operator /(FloatVector256 a, FloatVector256 b) => new(a.value / b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 operator -(FloatVector256 a) => new(-a.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 LoadFirst(float* source, int count)
    {
        Vector256<int> mask = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count));
        return new(Avx.MaskLoad(source, mask.AsSingle()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FloatVector256 x, float* destination) => x.value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(FloatVector256 x, float* destination, int count)
    {
        Vector256<int> mask = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count));
        Avx.MaskStore(destination, mask.AsSingle(), x.value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt8(FloatVector256 x, sbyte* destination)
    {
        Vector256<int> integers = Vector256.ConvertToInt32Native(x.value);
        Vector128<short> narrow = Vector128.Narrow(integers.GetLower(), integers.GetUpper());
        Unsafe.WriteUnaligned(destination, Vector128.Narrow(narrow, narrow).AsInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(FloatVector256 x, short* destination)
    {
        Vector256<int> integers = Vector256.ConvertToInt32Native(x.value);
        Vector128.Narrow(integers.GetLower(), integers.GetUpper()).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(FloatVector256 x) => Vector128.Sum(x.value.GetLower() + x.value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Max(FloatVector256 a, FloatVector256 b) => new(Vector256.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Larger(FloatVector256 a, FloatVector256 b) => new(Avx.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Smaller(FloatVector256 a, FloatVector256 b) => new(Avx.Min(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 MultiplyAdd(FloatVector256 a, FloatVector256 b, FloatVector256 c) =>
        new(Fma.IsSupported || AdvSimd.IsSupported ? Vector256.FusedMultiplyAdd(a.value, b.value, c.value) : (a.value * b.value) + c.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Abs(FloatVector256 x) => new(Vector256.Abs(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 CopySign(FloatVector256 magnitude, FloatVector256 sign) => new(Vector256.CopySign(magnitude.value, sign.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 NegativeAbs(FloatVector256 x) => new(x.value | Vector256.Create(-0f));

    // Two steps without a constant, where CopySign has three with one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 CopySign(FloatVector256 magnitude, FloatVector256 sign, FloatVector256 negativeAbs) =>
        new(magnitude.value ^ (sign.value ^ negativeAbs.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 SelectLess(FloatVector256 a, FloatVector256 b, FloatVector256 then, FloatVector256 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a.value, b.value), then.value, otherwise.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(FloatVector256 a, FloatVector256 b) => Vector256.LessThanAny(a.value, b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Round(FloatVector256 x) => new(Vector256.Round(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Floor(FloatVector256 x) => new(Vector256.Floor(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Ceiling(FloatVector256 x) => new(Vector256.Ceiling(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Truncate(FloatVector256 x) => new(Vector256.Truncate(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Sqrt(FloatVector256 x) => new(Vector256.Sqrt(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 PowerOfTwo(FloatVector256 n) =>
        new(Vector256.ShiftLeft(Vector256.ConvertToInt32Native(n.value + Vector256.Create(ExponentBias)), SignificandBits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 PowerOfSum(FloatVector256 sum) => new(Vector256.ShiftLeft(sum.value.AsInt32(), SignificandBits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 Denormal(FloatVector256 n) => new(Vector256.ConvertToInt32Native(n.value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector256 UpperHalf(FloatVector256 x) => new((x.value.AsInt32() & Vector256.Create(UpperHalfMask)).AsSingle());
}
