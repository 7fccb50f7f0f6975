using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Mish, the self-regularised Mish of Misra 2019: y = x·tanh(ln(1 + eˣ)).</summary>
internal sealed class Mish : ActivationFunction
{
    internal Mish()
        : base(ActivationKind.Mish, isMonotonic: false, float32Ulps: 4)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·tanh(ln(1 + eˣ))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.30884341109720266, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsNegativeInfinity(x) ? 0 : x * Tanh.Of(Softplus.Of(x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? 1 : 0;
        }

        double t = Tanh.Of(Softplus.Of(x));
        return t + (x * (1 - (t * t)) * Sigmoid.Of(x));
    }

    /// <summary>The formula in float32; at most 4 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        private const float Far = -110f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // tanh(ln(1 + eˣ)) = n/(n + 2) with n = eˣ(eˣ + 2); above 0 both are multiplied by e^−2x. Powers of two as in SiLU.
            TVector bounded = TVector.SelectLess(x, Far, Far, x);
            TVector magnitude = TVector.Abs(TVector.SelectLess(-Far, bounded, -Far, bounded));
            TVector fraction = VectorMath.ExpParts(-magnitude, 0f, out TVector scale, out TVector rest);
            TVector e = fraction * scale * rest;
            TVector above = (e * 2f) + 1f;
            TVector numerator = TVector.SelectLess(x, 0f, bounded * fraction * scale * (e + 2f), x * above);
            TVector denominator = TVector.SelectLess(x, 0f, (e * (e + 2f)) + 2f, TVector.MultiplyAdd(e * 2f, e, above));
            return numerator / denominator * TVector.SelectLess(x, 0f, rest, 1f);
        }
    }
}
