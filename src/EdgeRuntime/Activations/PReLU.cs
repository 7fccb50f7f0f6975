using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>PReLU, LeakyReLU with a trained slope; α here is the slope of the current channel: y = x for x ≥ 0, else αx.</summary>
internal sealed class PReLU : ActivationFunction
{
    internal PReLU()
        : base(ActivationKind.PReLU, isMonotonic: true, defaultAlpha: 0.25f, float32Ulps: 0.5)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x for x ≥ 0, else αx";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (double.NegativeInfinity, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x >= 0 ? x : alpha * x;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : alpha;
}
