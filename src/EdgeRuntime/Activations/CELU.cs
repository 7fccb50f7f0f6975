using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>CELU, the continuously differentiable exponential linear unit: y = max(0, x) + min(0, α(e^(x/α) − 1)).</summary>
internal sealed class CELU : ActivationFunction
{
    internal CELU()
        : base(ActivationKind.CELU, isMonotonic: true, defaultAlpha: 1f, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = max(0, x) + min(0, α(e^(x/α) − 1))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Math.Max(0, x) + Math.Min(0, alpha * ExpMinusOne.Of(x / alpha));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : PortableMath.Exp(x / alpha);

    /// <summary>The formula in float32; at most 2 ULP off for α above 0.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector tail = alpha * VectorMath.ExpMinusOne(x / alpha);
            return TVector.SelectLess(x, 0f, 0f, x) + TVector.SelectLess(0f, tail, 0f, tail);
        }
    }
}
