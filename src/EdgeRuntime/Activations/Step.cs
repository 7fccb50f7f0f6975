using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Step, the unit step: y = 1 for x ≥ 0, else 0.</summary>
public sealed class Step : ActivationFunction
{
    internal Step()
        : base(ActivationKind.Step, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = 1 for x ≥ 0, else 0";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => double.IsNaN(x) ? x : x >= 0 ? 1 : 0;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => 0;
}
