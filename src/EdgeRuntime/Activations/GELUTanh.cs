using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>GELUTanh, the tanh form of GELU: y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
public sealed class GELUTanh : ActivationFunction
{
    internal GELUTanh()
        : base(ActivationKind.GELUTanh, isMonotonic: false)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³)))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.17004075957610155, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsInfinity(x) ? (x > 0 ? x : 0) : x * Sigmoid.Of(2 * Inner(x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? 1 : 0;
        }

        double s = Sigmoid.Of(2 * Inner(x));
        double innerSlope = Factor * (1 + (3 * Cubic * x * x));
        return s + (2 * x * s * Sigmoid.Of(-2 * Inner(x)) * innerSlope);
    }

    private const double Cubic = 0.044715;

    private static readonly double Factor = Math.Sqrt(2 / Math.PI);

    private static double Inner(double x) => Factor * (x + (Cubic * x * x * x));
}
