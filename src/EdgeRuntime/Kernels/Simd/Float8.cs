using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeRuntime.Kernels.Simd;

/// <summary>Eight float32: AVX2.</summary>
internal readonly unsafe struct Float8 : IFloatVector<Float8>
{
    private const int UpperHalfMask = unchecked((int)0xFFFFF000);
    private const int SignificandBits = 23;
    private const float ExponentBias = 127f;

    private readonly Vector256<float> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Float8(Vector256<float> value) => this.value = value;

    public static int Count => 8;

    public static int Registers => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Float8(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 operator +(Float8 a, Float8 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 operator -(Float8 a, Float8 b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 operator *(Float8 a, Float8 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 operator /(Float8 a, Float8 b) => new(a.value / b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 operator -(Float8 a) => new(-a.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float8 x, float* destination) => x.value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Float8 x, float* destination, int count)
    {
        Vector256<int> mask = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count));
        Avx.MaskStore(destination, mask.AsSingle(), x.value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Float8 x) => Vector256.Sum(x.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 Max(Float8 a, Float8 b) => new(Vector256.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 MultiplyAdd(Float8 a, Float8 b, Float8 c) =>
        new(Fma.IsSupported || AdvSimd.IsSupported ? Vector256.FusedMultiplyAdd(a.value, b.value, c.value) : (a.value * b.value) + c.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 Abs(Float8 x) => new(Vector256.Abs(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 CopySign(Float8 magnitude, Float8 sign) => new(Vector256.CopySign(magnitude.value, sign.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 SelectLess(Float8 a, Float8 b, Float8 then, Float8 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a.value, b.value), then.value, otherwise.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 Round(Float8 x) => new(Vector256.Round(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 PowerOfTwo(Float8 n) =>
        new(Vector256.ShiftLeft(Vector256.ConvertToInt32Native(n.value + Vector256.Create(ExponentBias)), SignificandBits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float8 UpperHalf(Float8 x) => new((x.value.AsInt32() & Vector256.Create(UpperHalfMask)).AsSingle());
}
