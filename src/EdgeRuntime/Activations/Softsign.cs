using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Softsign, a sigmoid without exponentials: y = x / (1 + |x|).</summary>
internal sealed class Softsign : ActivationFunction
{
    internal Softsign()
        : base(ActivationKind.Softsign, isMonotonic: true, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x / (1 + |x|)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsInfinity(x) ? Math.Sign(x) : x / (1 + Math.Abs(x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)));

    /// <summary>The formula in float32; at most 2 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        private const float Far = 1L << 40;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // Beyond 2^40 the quotient is ±1, and infinities never meet.
            TVector bounded = TVector.SelectLess(Far, x, Far, TVector.SelectLess(x, -Far, -Far, x));
            return bounded / (TVector.Abs(bounded) + 1f);
        }
    }
}
