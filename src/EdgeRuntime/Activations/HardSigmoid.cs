using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>HardSigmoid, a piecewise linear sigmoid: y = min(1, max(0, αx + β)).</summary>
internal sealed class HardSigmoid : ActivationFunction
{
    internal HardSigmoid()
        : base(ActivationKind.HardSigmoid, isMonotonic: true, defaultAlpha: 1f / 6f, defaultBeta: 0.5f, float32Ulps: 0.5)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = min(1, max(0, αx + β))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Math.Min(1, Math.Max(0, (alpha * x) + beta));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => (alpha * x) + beta is > 0 and <= 1 ? alpha : 0;

    /// <summary>The formula in float32; rounded once or twice, as the processor fuses or not.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector y = TVector.MultiplyAdd(x, alpha, beta);
            return TVector.SelectLess(y, 0f, 0f, TVector.SelectLess(1f, y, 1f, y));
        }
    }
}
