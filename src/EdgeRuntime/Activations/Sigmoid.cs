using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Sigmoid, the logistic function: y = 1 / (1 + e⁻ˣ).</summary>
internal sealed class Sigmoid : ActivationFunction
{
    internal Sigmoid()
        : base(ActivationKind.Sigmoid, isMonotonic: true, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = 1 / (1 + e⁻ˣ)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Of(x);

    /// <summary>The value, without an instance.</summary>
    internal static double Of(double x)
    {
        // e^−|x| never overflows.
        double e = PortableMath.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        // s(1 − s) loses all digits where s is close to 1; e⁻|ˣ| keeps them.
        double e = PortableMath.Exp(-Math.Abs(x));
        return e / ((1 + e) * (1 + e));
    }

    /// <summary>The formula in float32; at most 2 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // e^−|x| never overflows, and below 0 it is the numerator too, so that small results keep their digits.
            TVector e = VectorMath.Exp(-TVector.Abs(x));
            TVector sum = e + 1f;
            TVector lost = e - (sum - 1f);
            TVector y = TVector.SelectLess(x, 0f, e, 1f) / sum;

            // 1/sum is y above 0 and 1 − y below, closely enough for what the sum's rounding lost.
            return TVector.MultiplyAdd(-y * lost, TVector.SelectLess(x, 0f, -y + 1f, y), y);
        }
    }
}
