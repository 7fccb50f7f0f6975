using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary>
/// Exact sums of products of int16, one for each of 8 units, two products a step: AVX2's vpmaddwd. A step's number p fits int32; its sums
/// modulo 2³² and those of p &gt;&gt; 16 are kept, from which the whole sum follows, since what the second leave out is below 2¹⁶ a step.
/// </summary>
internal readonly unsafe struct Avx2WideSums
{
    /// <summary>Sums in a vector.</summary>
    internal const int Units = 8;

    /// <summary>Products in a step.</summary>
    internal const int Group = 2;

    /// <summary>Steps, whose products of weights above −2¹⁵ are exact.</summary>
    internal const int MostSteps = 65_535;

    private readonly Vector256<int> wrapped;
    private readonly Vector256<int> upper;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Avx2WideSums(Vector256<int> wrapped, Vector256<int> upper)
    {
        this.wrapped = wrapped;
        this.upper = upper;
    }

    internal static bool IsSupported => Avx2.IsSupported;

    /// <summary>Adds the products of two inputs, the same for all units, and of two weights a unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Avx2WideSums MultiplyAdd(Avx2WideSums sums, Avx2WideFactors inputs, Avx2WideFactors weights)
    {
        Vector256<int> products = Avx2.MultiplyAddAdjacent(inputs.Values, weights.Values);
        return new(sums.wrapped + products, sums.upper + (products >> 16));
    }

    /// <summary>Stores the sums of 8 units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Avx2WideSums sums, long* destination)
    {
        Vector256<int> lower = sums.wrapped - (sums.upper << 16);
        Whole(sums.upper.GetLower(), lower.GetLower()).Store(destination);
        Whole(sums.upper.GetUpper(), lower.GetUpper()).Store(destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Whole(Vector128<int> upper, Vector128<int> lower) =>
        (Avx2.ConvertToVector256Int64(upper) << 16) + Avx2.ConvertToVector256Int64(lower.AsUInt32());
}

/// <summary>What <see cref="Avx2WideSums"/> multiplies: two int16 for each of 8 units.</summary>
internal readonly unsafe struct Avx2WideFactors
{
    internal readonly Vector256<short> Values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Avx2WideFactors(Vector256<short> values) => Values = values;

    /// <summary>Two inputs for all units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Avx2WideFactors Broadcast(short* inputs) => new(Vector256.Create(*(int*)inputs).AsInt16());

    /// <summary>One input, and 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Avx2WideFactors BroadcastLast(short* input) => new(Vector256.Create((int)(ushort)*input).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Avx2WideFactors Load(short* weights) => new(Vector256.Load(weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Avx2WideFactors Load(sbyte* weights) => new(Avx2.ConvertToVector256Int16(weights));
}
