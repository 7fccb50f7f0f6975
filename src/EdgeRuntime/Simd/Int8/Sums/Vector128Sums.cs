using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeInference.Runtime.Simd.Int8.Sums;

/// <summary>Sums of 16 channels: SSE4.1, or Advanced SIMD on Arm64, whose smull and saddw multiply and add in int16 and int32.</summary>
internal readonly unsafe struct Vector128Sums : IInt32Sums<Vector128Sums>
{
    private readonly Vector128<int> s0;
    private readonly Vector128<int> s1;
    private readonly Vector128<int> s2;
    private readonly Vector128<int> s3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128Sums(Vector128<int> s0, Vector128<int> s1, Vector128<int> s2, Vector128<int> s3)
    {
        this.s0 = s0;
        this.s1 = s1;
        this.s2 = s2;
        this.s3 = s3;
    }

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Vector128Sums(int value)
    {
        Vector128<int> all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Sums operator +(Vector128Sums a, Vector128Sums b) => new(a.s0 + b.s0, a.s1 + b.s1, a.s2 + b.s2, a.s3 + b.s3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Sums Max(Vector128Sums a, Vector128Sums b) =>
        new(Vector128.Max(a.s0, b.s0), Vector128.Max(a.s1, b.s1), Vector128.Max(a.s2, b.s2), Vector128.Max(a.s3, b.s3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Sums Load(int* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Sums Load(sbyte* source)
    {
        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(source));
        (Vector128<int> s0, Vector128<int> s1) = Vector128.Widen(low);
        (Vector128<int> s2, Vector128<int> s3) = Vector128.Widen(high);
        return new(s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Sums Load(short* source)
    {
        (Vector128<int> s0, Vector128<int> s1) = Vector128.Widen(Vector128.Load(source));
        (Vector128<int> s2, Vector128<int> s3) = Vector128.Widen(Vector128.Load(source + 8));
        return new(s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Sums MultiplyAdd(Vector128Sums sums, sbyte* x, sbyte* weights)
    {
        // A product of two int8 fits int16, a sum of two does not.
        Vector128<sbyte> inputs = Vector128.Load(x);
        Vector128<sbyte> factors = Vector128.Load(weights);
        if (AdvSimd.IsSupported)
        {
            Vector128<short> lower = AdvSimd.MultiplyWideningLower(inputs.GetLower(), factors.GetLower());
            Vector128<short> upper = AdvSimd.MultiplyWideningUpper(inputs, factors);
            return new(
                AdvSimd.AddWideningLower(sums.s0, lower.GetLower()),
                AdvSimd.AddWideningUpper(sums.s1, lower),
                AdvSimd.AddWideningLower(sums.s2, upper.GetLower()),
                AdvSimd.AddWideningUpper(sums.s3, upper));
        }

        (Vector128<int> p0, Vector128<int> p1) = Vector128.Widen(Vector128.WidenLower(inputs) * Vector128.WidenLower(factors));
        (Vector128<int> p2, Vector128<int> p3) = Vector128.Widen(Vector128.WidenUpper(inputs) * Vector128.WidenUpper(factors));
        return new(sums.s0 + p0, sums.s1 + p1, sums.s2 + p2, sums.s3 + p3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Sums MultiplyAdd(Vector128Sums sums, short* x, sbyte* weights)
    {
        Vector128Sums inputs = Load(x);
        Vector128Sums factors = Load(weights);
        return new(
            sums.s0 + (inputs.s0 * factors.s0), sums.s1 + (inputs.s1 * factors.s1), sums.s2 + (inputs.s2 * factors.s2), sums.s3 + (inputs.s3 * factors.s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Total(Vector128Sums sums)
    {
        Vector128<int> total = (sums.s0 + sums.s1) + (sums.s2 + sums.s3);
        return Vector128.Sum(Vector128.WidenLower(total) + Vector128.WidenUpper(total));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128Sums sums, int* destination)
    {
        sums.s0.Store(destination);
        sums.s1.Store(destination + 4);
        sums.s2.Store(destination + 8);
        sums.s3.Store(destination + 12);
    }
}
