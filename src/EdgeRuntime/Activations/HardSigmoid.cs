using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>HardSigmoid, a piecewise linear sigmoid: y = min(1, max(0, αx + β)).</summary>
public sealed class HardSigmoid : ActivationFunction
{
    internal HardSigmoid()
        : base(ActivationKind.HardSigmoid, isMonotonic: true, defaultAlpha: 1f / 6f, defaultBeta: 0.5f)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = min(1, max(0, αx + β))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Math.Min(1, Math.Max(0, (alpha * x) + beta));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => (alpha * x) + beta is > 0 and <= 1 ? alpha : 0;
}
