using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>ThresholdedReLU, ReLU with its step at α: y = x for x > α, else 0.</summary>
public sealed class ThresholdedReLU : ActivationFunction
{
    internal ThresholdedReLU()
        : base(ActivationKind.ThresholdedReLU, isMonotonic: true, defaultAlpha: 1f)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x for x > α, else 0";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x > alpha ? x : double.IsNaN(x) ? x : 0;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > alpha ? 1 : 0;
}
