using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>Four float32: SSE4.1, or Advanced SIMD on Arm64.</summary>
internal readonly unsafe struct FloatVector128 : IFloatVector<FloatVector128>
{
    private const int UpperHalfMask = unchecked((int)0xFFFFF000);
    private const int SignificandBits = 23;
    private const float ExponentBias = 127f;

    private readonly Vector128<float> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FloatVector128(Vector128<float> value) => this.value = value;

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Count => 4;

    public static int Registers => AdvSimd.IsSupported ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator FloatVector128(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 operator +(FloatVector128 a, FloatVector128 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 operator -(FloatVector128 a, FloatVector128 b) => new(a.value - b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 operator *(FloatVector128 a, FloatVector128 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 operator /(FloatVector128 a, FloatVector128 b) => new(a.value / b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 operator -(FloatVector128 a) => new(-a.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 LoadFirst(float* source, int count) => new(count switch
    {
        1 => Vector128.CreateScalar(*source),
        2 => Vector128.Create(Vector64.Load(source), Vector64<float>.Zero),
        3 => Vector128.Create(Vector64.Load(source), Vector64.CreateScalar(source[2])),
        _ => Vector128.Load(source),
    });

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FloatVector128 x, float* destination) => x.value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(FloatVector128 x, float* destination, int count)
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
    public static void StoreInt8(FloatVector128 x, sbyte* destination)
    {
        Vector128<int> integers = Vector128.ConvertToInt32Native(x.value);
        Vector128<short> narrow = Vector128.Narrow(integers, integers);
        Unsafe.WriteUnaligned(destination, Vector128.Narrow(narrow, narrow).AsInt32().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInt16(FloatVector128 x, short* destination)
    {
        Vector128<int> integers = Vector128.ConvertToInt32Native(x.value);
        Unsafe.WriteUnaligned(destination, Vector128.Narrow(integers, integers).AsInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(FloatVector128 x) => Vector128.Sum(x.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Max(FloatVector128 a, FloatVector128 b) => new(Vector128.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Larger(FloatVector128 a, FloatVector128 b) => Sse.IsSupported ? new(Sse.Max(a.value, b.value)) : SelectLess(b, a, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Smaller(FloatVector128 a, FloatVector128 b) => Sse.IsSupported ? new(Sse.Min(a.value, b.value)) : SelectLess(a, b, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 MultiplyAdd(FloatVector128 a, FloatVector128 b, FloatVector128 c) =>
        new(Fma.IsSupported || AdvSimd.IsSupported ? Vector128.FusedMultiplyAdd(a.value, b.value, c.value) : (a.value * b.value) + c.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Abs(FloatVector128 x) => new(Vector128.Abs(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 CopySign(FloatVector128 magnitude, FloatVector128 sign) => new(Vector128.CopySign(magnitude.value, sign.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 SelectLess(FloatVector128 a, FloatVector128 b, FloatVector128 then, FloatVector128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a.value, b.value), then.value, otherwise.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(FloatVector128 a, FloatVector128 b) => Vector128.LessThanAny(a.value, b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Round(FloatVector128 x) => new(Vector128.Round(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Floor(FloatVector128 x) => new(Vector128.Floor(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Ceiling(FloatVector128 x) => new(Vector128.Ceiling(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Truncate(FloatVector128 x) => new(Vector128.Truncate(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Sqrt(FloatVector128 x) => new(Vector128.Sqrt(x.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 PowerOfTwo(FloatVector128 n) =>
        new(Vector128.ShiftLeft(Vector128.ConvertToInt32Native(n.value + Vector128.Create(ExponentBias)), SignificandBits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 PowerOfSum(FloatVector128 sum) => new(Vector128.ShiftLeft(sum.value.AsInt32(), SignificandBits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 Denormal(FloatVector128 n) => new(Vector128.ConvertToInt32Native(n.value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatVector128 UpperHalf(FloatVector128 x) => new((x.value.AsInt32() & Vector128.Create(UpperHalfMask)).AsSingle());
}
