using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>SiLU, the sigmoid linear unit, also called Swish: y = x·sigmoid(x).</summary>
public sealed class SiLU : ActivationFunction
{
    internal SiLU()
        : base(ActivationKind.SiLU, isMonotonic: false)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·sigmoid(x)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.27846454276107380, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsNegativeInfinity(x) ? 0 : x * Sigmoid.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? 1 : 0;
        }

        double s = Sigmoid.Of(x);
        return s + (x * s * Sigmoid.Of(-x));
    }
}
