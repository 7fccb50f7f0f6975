using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>SiLU, the sigmoid linear unit, also called Swish: y = x·sigmoid(x).</summary>
internal sealed class SiLU : ActivationFunction
{
    internal SiLU()
        : base(ActivationKind.SiLU, isMonotonic: false, float32Ulps: 3)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·sigmoid(x)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.27846454276107380, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsNegativeInfinity(x) ? 0 : x * Sigmoid.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? 1 : 0;
        }

        double s = Sigmoid.Of(x);
        return s + (x * s * Sigmoid.Of(-x));
    }

    /// <summary>The formula in float32; at most 3 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        private const float Far = -110f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // Below 0 x·e^x/(1 + e^x), with the last power of two multiplied in at the end: e^x alone turns denormal too early.
            TVector bounded = TVector.SelectLess(x, Far, Far, x);
            TVector magnitude = TVector.Abs(TVector.SelectLess(-Far, bounded, -Far, bounded));
            TVector fraction = VectorMath.ExpParts(-magnitude, 0f, out TVector scale, out TVector rest);
            TVector numerator = TVector.SelectLess(x, 0f, bounded * fraction * scale, x);
            return numerator / ((fraction * scale * rest) + 1f) * TVector.SelectLess(x, 0f, rest, 1f);
        }
    }
}
