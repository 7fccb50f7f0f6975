using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Sums;

/// <summary>int32 sums of 32 channels, to which AVX-VNNI's vpdpbusd adds four products each.</summary>
internal readonly unsafe struct AvxVnniTapSums
{
    private readonly Vector256<int> s0;
    private readonly Vector256<int> s1;
    private readonly Vector256<int> s2;
    private readonly Vector256<int> s3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private AvxVnniTapSums(Vector256<int> s0, Vector256<int> s1, Vector256<int> s2, Vector256<int> s3)
    {
        this.s0 = s0;
        this.s1 = s1;
        this.s2 = s2;
        this.s3 = s3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static AvxVnniTapSums Load(int* source) => new(Lanes(source), Lanes(source + 4), Lanes(source + 8), Lanes(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static AvxVnniTapSums MultiplyAdd(AvxVnniTapSums sums, AvxVnniTaps taps, sbyte* weights) => new(
        AvxVnni.MultiplyWideningAndAdd(sums.s0, taps.X0, Vector256.Load(weights)),
        AvxVnni.MultiplyWideningAndAdd(sums.s1, taps.X1, Vector256.Load(weights + 32)),
        AvxVnni.MultiplyWideningAndAdd(sums.s2, taps.X2, Vector256.Load(weights + 64)),
        AvxVnni.MultiplyWideningAndAdd(sums.s3, taps.X3, Vector256.Load(weights + 96)));

    /// <summary>Stores the sums in the order of the channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(AvxVnniTapSums sums, int* destination)
    {
        Vector256.Create(sums.s0.GetLower(), sums.s1.GetLower()).Store(destination);
        Vector256.Create(sums.s2.GetLower(), sums.s3.GetLower()).Store(destination + 8);
        Vector256.Create(sums.s0.GetUpper(), sums.s1.GetUpper()).Store(destination + 16);
        Vector256.Create(sums.s2.GetUpper(), sums.s3.GetUpper()).Store(destination + 24);
    }

    // 4 channels and those 16 further on: the lanes that unpacking leaves together.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Lanes(int* source) => Vector256.Create(Vector128.Load(source), Vector128.Load(source + 16));
}
