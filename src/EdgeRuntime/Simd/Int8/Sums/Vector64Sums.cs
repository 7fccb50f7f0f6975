using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.Runtime.Simd.Int8.Sums;

/// <summary>Sums of 8 channels, whose int8 are 64 bits: what small images often have.</summary>
internal readonly unsafe struct Vector64Sums : IInt32Sums<Vector64Sums>
{
    private readonly Vector128<int> s0;
    private readonly Vector128<int> s1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector64Sums(Vector128<int> s0, Vector128<int> s1)
    {
        this.s0 = s0;
        this.s1 = s1;
    }

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Vector64Sums(int value)
    {
        Vector128<int> all = Vector128.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64Sums operator +(Vector64Sums a, Vector64Sums b) => new(a.s0 + b.s0, a.s1 + b.s1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64Sums Max(Vector64Sums a, Vector64Sums b) =>
        new(Vector128.Max(a.s0, b.s0), Vector128.Max(a.s1, b.s1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64Sums Load(int* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64Sums Load(sbyte* source)
    {
        (Vector128<int> s0, Vector128<int> s1) = Vector128.Widen(Widen(source));
        return new(s0, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64Sums Load(short* source)
    {
        (Vector128<int> s0, Vector128<int> s1) = Vector128.Widen(Vector128.Load(source));
        return new(s0, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64Sums MultiplyAdd(Vector64Sums sums, sbyte* x, sbyte* weights)
    {
        (Vector128<int> p0, Vector128<int> p1) = Vector128.Widen(Widen(x) * Widen(weights));
        return new(sums.s0 + p0, sums.s1 + p1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64Sums MultiplyAdd(Vector64Sums sums, short* x, sbyte* weights)
    {
        Vector64Sums inputs = Load(x);
        Vector64Sums factors = Load(weights);
        return new(sums.s0 + (inputs.s0 * factors.s0), sums.s1 + (inputs.s1 * factors.s1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Total(Vector64Sums sums)
    {
        Vector128<int> total = sums.s0 + sums.s1;
        return Vector128.Sum(Vector128.WidenLower(total) + Vector128.WidenUpper(total));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector64Sums sums, int* destination)
    {
        sums.s0.Store(destination);
        sums.s1.Store(destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Widen(sbyte* source) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(source)).AsSByte());
}
