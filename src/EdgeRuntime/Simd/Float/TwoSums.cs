using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>Two sums in double of float32 numbers that lie in pairs; each is added as it would be alone.</summary>
internal readonly unsafe struct TwoSums
{
    private readonly Vector128<double> value;

    private TwoSums(Vector128<double> value) => this.value = value;

    /// <summary>The sums at an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TwoSums Load(double* from) => new(Vector128.Load(from));

    /// <summary>The sums with one more pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TwoSums Plus(float* pair) => new(value + Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(double*)pair).AsSingle()));

    /// <summary>Writes both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Store(double* to) => value.Store(to);
}
