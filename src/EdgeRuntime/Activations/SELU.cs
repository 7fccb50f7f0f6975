using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>SELU, the self-normalising exponential linear unit; α and γ by Klambauer et al. 2017: y = γx for x ≥ 0, else γα(eˣ − 1).</summary>
public sealed class SELU : ActivationFunction
{
    internal SELU()
        : base(ActivationKind.SELU, isMonotonic: true, defaultAlpha: 1.67326319f, defaultBeta: 1.05070102f)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = γx for x ≥ 0, else γα(eˣ − 1)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-(double)DefaultAlpha * DefaultBeta, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x >= 0 ? beta * x : beta * alpha * ExpMinusOne.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? beta : beta * alpha * PortableMath.Exp(x);
}
