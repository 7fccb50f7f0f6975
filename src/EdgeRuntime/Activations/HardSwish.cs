using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>HardSwish, a piecewise quadratic Swish: y = x·min(1, max(0, x/6 + 1/2)).</summary>
public sealed class HardSwish : ActivationFunction
{
    internal HardSwish()
        : base(ActivationKind.HardSwish, isMonotonic: false)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·min(1, max(0, x/6 + 1/2))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.375, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) =>
        x <= -3 ? 0 : x > 3 ? 1 : ((2 * x) + 3) / 6;
}
