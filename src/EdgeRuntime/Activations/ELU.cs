using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>ELU, the exponential linear unit: y = x for x ≥ 0, else α(eˣ − 1).</summary>
public sealed class ELU : ActivationFunction
{
    internal ELU()
        : base(ActivationKind.ELU, isMonotonic: true, defaultAlpha: 1f)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x for x ≥ 0, else α(eˣ − 1)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x >= 0 ? x : alpha * ExpMinusOne.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : alpha * PortableMath.Exp(x);
}
