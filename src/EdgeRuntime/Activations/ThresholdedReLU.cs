using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>ThresholdedReLU, ReLU with its step at α: y = x for x > α, else 0.</summary>
internal sealed class ThresholdedReLU : ActivationFunction
{
    internal ThresholdedReLU()
        : base(ActivationKind.ThresholdedReLU, isMonotonic: true, defaultAlpha: 1f)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x for x > α, else 0";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x > alpha ? x : double.IsNaN(x) ? x : 0;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > alpha ? 1 : 0;

    /// <summary>The formula in float32; exact.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // NaN is neither above α nor at or below it, and stays.
            TVector atMost = TVector.SelectLess(x, alpha, 0f, x - x);
            return TVector.SelectLess(alpha, x, x, atMost);
        }
    }
}
