using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>The activations that are cheap enough to apply while the sums are in registers.</summary>
internal enum Rectifier
{
    None,
    ReLU,
    LeakyReLU,
    ReLU6,
}

/// <summary>Applies a rectifier.</summary>
internal static class Rectified
{
    /// <summary>The rectifier that an activation is; None also where it is none.</summary>
    internal static Rectifier Kind(ActivationKind kind) => kind switch
    {
        ActivationKind.ReLU => Rectifier.ReLU,
        ActivationKind.LeakyReLU => Rectifier.LeakyReLU,
        ActivationKind.ReLU6 => Rectifier.ReLU6,
        _ => Rectifier.None,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Of<TVector>(TVector x, Rectifier rectifier, float alpha)
        where TVector : struct, IFloatVector<TVector>
    {
        if (rectifier == Rectifier.None)
        {
            return x;
        }

        if (rectifier == Rectifier.ReLU6)
        {
            x = TVector.SelectLess(6f, x, 6f, x);
        }

        // 0 · −∞ would be NaN, so ReLU is not LeakyReLU with α 0.
        return TVector.SelectLess(x, 0f, rectifier == Rectifier.LeakyReLU ? x * alpha : 0f, x);
    }
}
