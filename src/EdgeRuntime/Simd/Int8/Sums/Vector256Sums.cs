using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Sums;

/// <summary>Sums of 32 channels: AVX2.</summary>
internal readonly unsafe struct Vector256Sums : IInt32Sums<Vector256Sums>
{
    private readonly Vector256<int> s0;
    private readonly Vector256<int> s1;
    private readonly Vector256<int> s2;
    private readonly Vector256<int> s3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256Sums(Vector256<int> s0, Vector256<int> s1, Vector256<int> s2, Vector256<int> s3)
    {
        this.s0 = s0;
        this.s1 = s1;
        this.s2 = s2;
        this.s3 = s3;
    }

    public static bool IsSupported => Avx2.IsSupported;

    public static int Count => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Vector256Sums(int value)
    {
        Vector256<int> all = Vector256.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256Sums operator +(Vector256Sums a, Vector256Sums b) => new(a.s0 + b.s0, a.s1 + b.s1, a.s2 + b.s2, a.s3 + b.s3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256Sums operator *(Vector256Sums a, Vector256Sums b) => new(a.s0 * b.s0, a.s1 * b.s1, a.s2 * b.s2, a.s3 * b.s3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256Sums Max(Vector256Sums a, Vector256Sums b) =>
        new(Vector256.Max(a.s0, b.s0), Vector256.Max(a.s1, b.s1), Vector256.Max(a.s2, b.s2), Vector256.Max(a.s3, b.s3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256Sums Load(int* source) =>
        new(Vector256.Load(source), Vector256.Load(source + 8), Vector256.Load(source + 16), Vector256.Load(source + 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256Sums Load(sbyte* source) =>
        new(Avx2.ConvertToVector256Int32(source), Avx2.ConvertToVector256Int32(source + 8), Avx2.ConvertToVector256Int32(source + 16), Avx2.ConvertToVector256Int32(source + 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256Sums Load(short* source) =>
        new(Avx2.ConvertToVector256Int32(source), Avx2.ConvertToVector256Int32(source + 8), Avx2.ConvertToVector256Int32(source + 16), Avx2.ConvertToVector256Int32(source + 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256Sums MultiplyAdd(Vector256Sums sums, sbyte* x, sbyte* weights) => sums + (Load(x) * Load(weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256Sums MultiplyAdd(Vector256Sums sums, short* x, sbyte* weights) => sums + (Load(x) * Load(weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Total(Vector256Sums sums)
    {
        Vector256<int> total = (sums.s0 + sums.s1) + (sums.s2 + sums.s3);
        return Vector256.Sum(Vector256.WidenLower(total) + Vector256.WidenUpper(total));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256Sums sums, int* destination)
    {
        sums.s0.Store(destination);
        sums.s1.Store(destination + 8);
        sums.s2.Store(destination + 16);
        sums.s3.Store(destination + 24);
    }
}
