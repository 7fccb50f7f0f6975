using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>HardSwish, a piecewise quadratic Swish: y = x·min(1, max(0, x/6 + 1/2)).</summary>
internal sealed class HardSwish : ActivationFunction
{
    internal HardSwish()
        : base(ActivationKind.HardSwish, isMonotonic: false, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·min(1, max(0, x/6 + 1/2))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.375, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) =>
        x <= -3 ? 0 : x > 3 ? 1 : ((2 * x) + 3) / 6;

    /// <summary>The formula in float32; at most 2 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, -3f, 0f, TVector.SelectLess(3f, x, x, x * (x + 3f) / 6f));
    }
}
