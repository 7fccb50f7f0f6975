using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>LeakyReLU, the rectified linear unit that leaks: y = x for x ≥ 0, else αx.</summary>
public sealed class LeakyReLU : ActivationFunction
{
    internal LeakyReLU()
        : base(ActivationKind.LeakyReLU, isMonotonic: true, defaultAlpha: 0.01f)
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
