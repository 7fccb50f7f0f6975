using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>The activations that are cheap enough to apply while the sums are in registers.</summary>
internal enum FusedReluKind
{
    None,
    ReLU,
    LeakyReLU,
    ReLU6,
}

/// <summary>Applies ReLU, or one of its kin, to sums in registers.</summary>
internal static class FusedRelu
{
    /// <summary>The kind that an activation is; None for all others.</summary>
    internal static FusedReluKind Kind(ActivationKind kind) => kind switch
    {
        ActivationKind.ReLU => FusedReluKind.ReLU,
        ActivationKind.LeakyReLU => FusedReluKind.LeakyReLU,
        ActivationKind.ReLU6 => FusedReluKind.ReLU6,
        _ => FusedReluKind.None,
    };

    /// <summary>What sums are bounded by from below: as the activation does it, what is not a number stays, and so does −0. LeakyReLU has no bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Least(FusedReluKind kind) => kind == FusedReluKind.None ? float.NegativeInfinity : 0f;

    /// <summary>What sums are bounded by from above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Most(FusedReluKind kind) => kind == FusedReluKind.ReLU6 ? 6f : float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Of<TVector>(TVector x, FusedReluKind kind, float alpha)
        where TVector : struct, IFloatVector<TVector>
    {
        if (kind == FusedReluKind.None)
        {
            return x;
        }

        if (kind == FusedReluKind.ReLU6)
        {
            x = TVector.SelectLess(6f, x, 6f, x);
        }

        // 0 · −∞ would be NaN, so ReLU is not LeakyReLU with α 0.
        return TVector.SelectLess(x, 0f, kind == FusedReluKind.LeakyReLU ? x * alpha : 0f, x);
    }
}
