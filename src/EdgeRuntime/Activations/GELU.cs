using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>GELU, the Gaussian error linear unit: y = x·Φ(x) = x/2·(1 + erf(x/√2)).</summary>
public sealed class GELU : ActivationFunction
{
    internal GELU()
        : base(ActivationKind.GELU, isMonotonic: false)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·Φ(x) = x/2·(1 + erf(x/√2))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.16997120747990369, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsInfinity(x) ? (x > 0 ? x : 0) : 0.5 * x * ErrorFunction.Erfc(-x / Math.Sqrt(2));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        double density = PortableMath.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
        double slope = density == 0 ? 0 : x * density;
        return (0.5 * ErrorFunction.Erfc(-x / Math.Sqrt(2))) + slope;
    }
}
