using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>Sigmoid, the logistic function: y = 1 / (1 + e⁻ˣ).</summary>
public sealed class Sigmoid : ActivationFunction
{
    internal Sigmoid()
        : base(ActivationKind.Sigmoid, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = 1 / (1 + e⁻ˣ)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Of(x);

    /// <summary>The value, without an instance.</summary>
    internal static double Of(double x)
    {
        // e^−|x| never overflows.
        double e = PortableMath.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        // s(1 − s) loses all digits where s is close to 1; e⁻|ˣ| keeps them.
        double e = PortableMath.Exp(-Math.Abs(x));
        return e / ((1 + e) * (1 + e));
    }
}
