using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Softsign, a sigmoid without exponentials: y = x / (1 + |x|).</summary>
public sealed class Softsign : ActivationFunction
{
    internal Softsign()
        : base(ActivationKind.Softsign, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x / (1 + |x|)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsInfinity(x) ? Math.Sign(x) : x / (1 + Math.Abs(x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)));
}
