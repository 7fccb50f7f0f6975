using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>CELU, the continuously differentiable exponential linear unit: y = max(0, x) + min(0, α(e^(x/α) − 1)).</summary>
public sealed class CELU : ActivationFunction
{
    internal CELU()
        : base(ActivationKind.CELU, isMonotonic: true, defaultAlpha: 1f)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = max(0, x) + min(0, α(e^(x/α) − 1))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Math.Max(0, x) + Math.Min(0, alpha * ExpMinusOne.Of(x / alpha));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : PortableMath.Exp(x / alpha);
}
