using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeRuntime.Kernels.Simd;

/// <summary>One float32: the rest of a row, and the scalar twin that tests hold the vectors to.</summary>
internal readonly unsafe struct Float1 : IFloatVector<Float1>
{
    private const int UpperHalfMask = unchecked((int)0xFFFFF000);
    private const int SignificandBits = 23;
    private const float ExponentBias = 127f;

    private readonly float value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Float1(float value) => this.value = value;

    public static int Count => 1;

    public static int Registers => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Float1(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 operator +(Float1 a, Float1 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 operator -(Float1 a, Float1 b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 operator *(Float1 a, Float1 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 operator /(Float1 a, Float1 b) => new(a.value / b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 operator -(Float1 a) => new(-a.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float1 x, float* destination) => *destination = x.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Float1 x, float* destination, int count) => *destination = x.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Float1 x) => x.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 Max(Float1 a, Float1 b) => new(MathF.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 MultiplyAdd(Float1 a, Float1 b, Float1 c) =>
        new(Fma.IsSupported || AdvSimd.IsSupported ? MathF.FusedMultiplyAdd(a.value, b.value, c.value) : (a.value * b.value) + c.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 Abs(Float1 x) => new(MathF.Abs(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 CopySign(Float1 magnitude, Float1 sign) => new(MathF.CopySign(magnitude.value, sign.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 SelectLess(Float1 a, Float1 b, Float1 then, Float1 otherwise) => a.value < b.value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 Round(Float1 x) => new(MathF.Round(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 PowerOfTwo(Float1 n) => new(BitConverter.Int32BitsToSingle((int)(n.value + ExponentBias) << SignificandBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float1 UpperHalf(Float1 x) => new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x.value) & UpperHalfMask));
}
