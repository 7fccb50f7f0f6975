using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>ELU, the exponential linear unit: y = x for x ≥ 0, else α(eˣ − 1).</summary>
internal sealed class ELU : ActivationFunction
{
    internal ELU()
        : base(ActivationKind.ELU, isMonotonic: true, defaultAlpha: 1f, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x for x ≥ 0, else α(eˣ − 1)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x >= 0 ? x : alpha * ExpMinusOne.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : alpha * PortableMath.Exp(x);

    /// <summary>The formula in float32; at most 2 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, alpha * VectorMath.ExpMinusOne(x), x);
    }
}
