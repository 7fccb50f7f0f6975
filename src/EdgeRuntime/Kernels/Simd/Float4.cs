using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeRuntime.Kernels.Simd;

/// <summary>Four float32: SSE4.1, or Advanced SIMD on Arm64.</summary>
internal readonly unsafe struct Float4 : IFloatVector<Float4>
{
    private const int UpperHalfMask = unchecked((int)0xFFFFF000);
    private const int SignificandBits = 23;
    private const float ExponentBias = 127f;

    private readonly Vector128<float> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Float4(Vector128<float> value) => this.value = value;

    public static int Count => 4;

    public static int Registers => AdvSimd.IsSupported ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Float4(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 operator +(Float4 a, Float4 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 operator -(Float4 a, Float4 b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 operator *(Float4 a, Float4 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 operator /(Float4 a, Float4 b) => new(a.value / b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 operator -(Float4 a) => new(-a.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float4 x, float* destination) => x.value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Float4 x, float* destination, int count)
    {
        Vector128<float> left = x.value;
        if (count >= 4)
        {
            left.Store(destination);
            return;
        }

        if ((count & 2) != 0)
        {
            left.GetLower().Store(destination);
            left = Vector128.Create(left.GetUpper(), Vector64<float>.Zero);
            destination += 2;
        }

        if ((count & 1) != 0)
        {
            *destination = left.ToScalar();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Float4 x) => Vector128.Sum(x.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Max(Float4 a, Float4 b) => new(Vector128.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 MultiplyAdd(Float4 a, Float4 b, Float4 c) =>
        new(Fma.IsSupported || AdvSimd.IsSupported ? Vector128.FusedMultiplyAdd(a.value, b.value, c.value) : (a.value * b.value) + c.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Abs(Float4 x) => new(Vector128.Abs(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 CopySign(Float4 magnitude, Float4 sign) => new(Vector128.CopySign(magnitude.value, sign.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 SelectLess(Float4 a, Float4 b, Float4 then, Float4 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a.value, b.value), then.value, otherwise.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Round(Float4 x) => new(Vector128.Round(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 PowerOfTwo(Float4 n) =>
        new(Vector128.ShiftLeft(Vector128.ConvertToInt32Native(n.value + Vector128.Create(ExponentBias)), SignificandBits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 UpperHalf(Float4 x) => new((x.value.AsInt32() & Vector128.Create(UpperHalfMask)).AsSingle());
}
