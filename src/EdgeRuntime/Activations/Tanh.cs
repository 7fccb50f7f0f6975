using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Tanh, the hyperbolic tangent: y = tanh x = 2·sigmoid(2x) − 1.</summary>
public sealed class Tanh : ActivationFunction
{
    internal Tanh()
        : base(ActivationKind.Tanh, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = tanh x = 2·sigmoid(2x) − 1";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Math.Tanh(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        double c = Math.Cosh(x);
        return double.IsInfinity(c) ? 0 : 1 / (c * c);
    }
}
