using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>SELU, the self-normalising exponential linear unit; α and γ by Klambauer et al. 2017: y = γx for x ≥ 0, else γα(eˣ − 1).</summary>
internal sealed class SELU : ActivationFunction
{
    internal SELU()
        : base(ActivationKind.SELU, isMonotonic: true, defaultAlpha: 1.67326319f, defaultBeta: 1.05070102f, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = γx for x ≥ 0, else γα(eˣ − 1)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-(double)DefaultAlpha * DefaultBeta, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x >= 0 ? beta * x : beta * alpha * ExpMinusOne.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? beta : beta * alpha * PortableMath.Exp(x);

    /// <summary>The formula in float32; at most 2 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, beta * alpha * VectorMath.ExpMinusOne(x), beta * x);
    }
}
