using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Int8.Dot;
using EdgeInference.Runtime.Simd.Int8.Requantize;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Simd.Int8;

/// <summary>The choice of a kernel of dot products, written once for every instruction set.</summary>
internal interface IDotStep<TArguments>
    where TArguments : allows ref struct
{
    /// <summary>True where these instructions do; false asks for other ones.</summary>
    static abstract bool Run<TLanes>(ref TArguments arguments)
        where TLanes : struct, IDotLanes<TLanes>;
}

/// <summary>A part of a kernel that sums channels, or the choice of one, written once for every width.</summary>
internal interface ISumStep<TArguments>
    where TArguments : allows ref struct
{
    /// <summary>Does what vectors of this width can do. True where that was all; false leaves the rest to narrower vectors.</summary>
    static abstract bool Run<TSums>(ref TArguments arguments)
        where TSums : struct, IInt32Sums<TSums>;
}

/// <summary>The choice of a kernel that requantizes, written once for every instruction set.</summary>
internal interface IRequantizeStep<TArguments>
    where TArguments : allows ref struct
{
    /// <summary>True where these instructions do; false asks for other ones.</summary>
    static abstract bool Run<TVector>(ref TArguments arguments)
        where TVector : struct, IRequantizeVector<TVector>;
}

/// <summary>The instruction sets for int8, the fastest that this processor has first. Only what one alone can do asks for it elsewhere.</summary>
internal static class Int8Ladder
{
    /// <summary>Offers the instructions for dot products; false if none was taken.</summary>
    internal static bool Dots<TStep, TArguments>(ref TArguments arguments)
        where TStep : struct, IDotStep<TArguments>
        where TArguments : allows ref struct
        => (AvxVnniDotLanes.IsSupported && TStep.Run<AvxVnniDotLanes>(ref arguments))
            || (Avx512MaddLanes.IsSupported && TStep.Run<Avx512MaddLanes>(ref arguments))
            || (Avx2MaddLanes.IsSupported && TStep.Run<Avx2MaddLanes>(ref arguments))
            || (Sse2MaddLanes.IsSupported && TStep.Run<Sse2MaddLanes>(ref arguments))
            || (ArmDotProductLanes.IsSupported && TStep.Run<ArmDotProductLanes>(ref arguments))
            || (AdvSimdPairLanes.IsSupported && TStep.Run<AdvSimdPairLanes>(ref arguments))
            || (AdvSimdWideningLanes.IsSupported && TStep.Run<AdvSimdWideningLanes>(ref arguments));

    /// <summary>Runs the step on each width of sums until one leaves nothing; one channel at a time in the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Sums<TStep, TArguments>(ref TArguments arguments)
        where TStep : struct, ISumStep<TArguments>
        where TArguments : allows ref struct
    {
        bool done = (Vector256Sums.IsSupported && TStep.Run<Vector256Sums>(ref arguments))
            || (Vector128Sums.IsSupported && TStep.Run<Vector128Sums>(ref arguments))
            || (Vector64Sums.IsSupported && TStep.Run<Vector64Sums>(ref arguments));
        if (!done)
        {
            SumsScalar<TStep, TArguments>(ref arguments);
        }
    }

    /// <summary>Runs the step one channel at a time: the scalar twin of <see cref="Sums"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void SumsScalar<TStep, TArguments>(ref TArguments arguments)
        where TStep : struct, ISumStep<TArguments>
        where TArguments : allows ref struct
        => TStep.Run<ScalarSums>(ref arguments);

    /// <summary>Offers the instructions for requantization; false if none was taken.</summary>
    internal static bool Requantizers<TStep, TArguments>(ref TArguments arguments)
        where TStep : struct, IRequantizeStep<TArguments>
        where TArguments : allows ref struct
        => (Avx512RequantizeVector.IsSupported && TStep.Run<Avx512RequantizeVector>(ref arguments))
            || (Avx2RequantizeVector.IsSupported && TStep.Run<Avx2RequantizeVector>(ref arguments))
            || (AdvSimdRequantizeVector.IsSupported && TStep.Run<AdvSimdRequantizeVector>(ref arguments));
}
