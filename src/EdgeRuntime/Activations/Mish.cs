using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Mish, the self-regularised Mish of Misra 2019: y = x·tanh(ln(1 + eˣ)).</summary>
public sealed class Mish : ActivationFunction
{
    internal Mish()
        : base(ActivationKind.Mish, isMonotonic: false)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·tanh(ln(1 + eˣ))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.30884341109720266, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsNegativeInfinity(x) ? 0 : x * Tanh.Of(Softplus.Of(x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? 1 : 0;
        }

        double t = Tanh.Of(Softplus.Of(x));
        return t + (x * (1 - (t * t)) * Sigmoid.Of(x));
    }
}
