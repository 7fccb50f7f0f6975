using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Softplus, a smooth ReLU: y = ln(1 + eˣ).</summary>
internal sealed class Softplus : ActivationFunction
{
    internal Softplus()
        : base(ActivationKind.Softplus, isMonotonic: true, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = ln(1 + eˣ)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Of(x);

    /// <summary>The value, without an instance.</summary>
    internal static double Of(double x) => Math.Max(x, 0) + Log1p(PortableMath.Exp(-Math.Abs(x)));

    // ln(1 + u) to full precision for small u, by Kahan's correction of the rounded sum.
    private static double Log1p(double u)
    {
        double sum = 1 + u;
        return sum == 1 ? u : PortableMath.Log(sum) * u / (sum - 1);
    }

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => Sigmoid.Of(x);

    /// <summary>The formula in float32; at most 2 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(0f, x, x, 0f) + VectorMath.Log1p(VectorMath.Exp(-TVector.Abs(x)));
    }
}
