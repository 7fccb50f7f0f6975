using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>One float32: the rest of a row, and the scalar twin that tests hold the vectors to.</summary>
internal readonly unsafe struct FloatScalar : IFloatVector<FloatScalar>
{
    private const int UpperHalfMask = unchecked((int)0xFFFFF000);
    private const int SignificandBits = 23;
    private const float ExponentBias = 127f;

    private readonly float value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FloatScalar(float value) => this.value = value;

    public static bool IsSupported => true;

    public static int Count => 1;

    public static int Registers => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator FloatScalar(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar operator +(FloatScalar a, FloatScalar b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar operator -(FloatScalar a, FloatScalar b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar operator *(FloatScalar a, FloatScalar b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar operator /(FloatScalar a, FloatScalar b) => new(a.value / b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar operator -(FloatScalar a) => new(-a.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FloatScalar x, float* destination) => *destination = x.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(FloatScalar x, float* destination, int count) => *destination = x.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt8(FloatScalar x, sbyte* destination) => *destination = (sbyte)(int)x.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(FloatScalar x, short* destination) => *destination = (short)(int)x.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(FloatScalar x) => x.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Max(FloatScalar a, FloatScalar b) => new(MathF.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar MultiplyAdd(FloatScalar a, FloatScalar b, FloatScalar c) =>
        new(Fma.IsSupported || AdvSimd.IsSupported ? MathF.FusedMultiplyAdd(a.value, b.value, c.value) : (a.value * b.value) + c.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Abs(FloatScalar x) => new(MathF.Abs(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar CopySign(FloatScalar magnitude, FloatScalar sign) => new(MathF.CopySign(magnitude.value, sign.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar SelectLess(FloatScalar a, FloatScalar b, FloatScalar then, FloatScalar otherwise) => a.value < b.value ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(FloatScalar a, FloatScalar b) => a.value < b.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Round(FloatScalar x) => new(MathF.Round(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Floor(FloatScalar x) => new(MathF.Floor(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Ceiling(FloatScalar x) => new(MathF.Ceiling(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Truncate(FloatScalar x) => new(MathF.Truncate(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Sqrt(FloatScalar x) => new(MathF.Sqrt(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Map<TFunction>(FloatScalar x)
        where TFunction : struct, ILibraryFunction
        => new(TFunction.Of(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar PowerOfTwo(FloatScalar n) => new(BitConverter.Int32BitsToSingle((int)(n.value + ExponentBias) << SignificandBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar PowerOfSum(FloatScalar sum) => new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(sum.value) << SignificandBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar Denormal(FloatScalar n) => new(BitConverter.Int32BitsToSingle((int)n.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatScalar UpperHalf(FloatScalar x) => new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x.value) & UpperHalfMask));
}
