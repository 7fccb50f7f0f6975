using EdgeRuntime.Activations;
using ModelFormat;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// The activation functions on <see cref="BigReal"/>: the referee between two neighbouring integers. Formulas:
/// <see cref="ActivationFunction.Formula"/>. A value that only tends to its bound stays on this side of it.
/// </summary>
internal static class PreciseActivations
{
    private static readonly BigReal one = BigReal.One;

    internal static Func<BigReal, BigReal> Get(ActivationKind kind, float alpha, float beta)
    {
        BigReal a = BigReal.Of(alpha);
        BigReal b = BigReal.Of(beta);
        return kind switch
        {
            ActivationKind.Linear => x => x,
            ActivationKind.Step => x => x.IsNegative ? BigReal.Zero : one,
            ActivationKind.Sigmoid => Sigmoid,
            ActivationKind.HardSigmoid => x => BigReal.Min(one, BigReal.Max(BigReal.Zero, (a * x) + b)),
            ActivationKind.Tanh => Tanh,
            ActivationKind.ReLU => x => BigReal.Max(BigReal.Zero, x),
            ActivationKind.ReLU6 => x => BigReal.Min(6 * one, BigReal.Max(BigReal.Zero, x)),
            ActivationKind.LeakyReLU or ActivationKind.PReLU => x => x.IsNegative ? a * x : x,
            ActivationKind.ELU => x => x.IsNegative ? a * (BigReal.Exp(x) - one) : x,
            ActivationKind.SELU => x => b * (x.IsNegative ? a * (BigReal.Exp(x) - one) : x),
            ActivationKind.CELU => x => CELU(x, a),
            ActivationKind.GELU => x => x * BigReal.NormalDistribution(x),
            ActivationKind.GELUTanh => x => x * Sigmoid(TwiceGELUInner(x)),
            ActivationKind.SiLU => x => x * Sigmoid(x),
            ActivationKind.HardSwish => x => x * BigReal.Min(6 * one, BigReal.Max(BigReal.Zero, x + (3 * one))) / 6,
            ActivationKind.Mish => Mish,
            ActivationKind.Softplus => x => BigReal.Max(x, BigReal.Zero) + BigReal.Log1p(BigReal.Exp(-BigReal.Abs(x))),
            ActivationKind.Softsign => x => x / (one + BigReal.Abs(x)),
            ActivationKind.ThresholdedReLU => x => x > a ? x : BigReal.Zero,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown activation."),
        };
    }

    // Both ternaries follow Math.Max and Math.Min of the definition for either sign of α.
    private static BigReal CELU(BigReal x, BigReal a)
    {
        if (!x.IsNegative && !a.IsNegative)
        {
            return x;
        }

        return BigReal.Max(BigReal.Zero, x) + BigReal.Min(BigReal.Zero, a * (BigReal.Exp(x / a) - one));
    }

    private static BigReal Sigmoid(BigReal x)
    {
        BigReal e = BigReal.Exp(-BigReal.Abs(x));
        return (x.IsNegative ? e : one) / (one + e);
    }

    private static BigReal Tanh(BigReal x)
    {
        BigReal e = BigReal.Exp(-2 * BigReal.Abs(x));
        BigReal magnitude = (one - e) / (one + e);
        return x.IsNegative ? -magnitude : magnitude;
    }

    private static BigReal TwiceGELUInner(BigReal x)
    {
        BigReal cubic = (44715 * one) / 1_000_000;
        return 2 * (BigReal.Sqrt(2 * one / BigReal.Pi) * (x + (cubic * x * x * x)));
    }

    // tanh(ln(1 + eˣ)) = n / (n + 2) with n = eˣ(eˣ + 2); above 0 both are multiplied by e^−2x, so that nothing is large.
    private static BigReal Mish(BigReal x)
    {
        BigReal e = BigReal.Exp(-BigReal.Abs(x));
        BigReal n = x.IsNegative ? e * (e + one + one) : one + (2 * e);
        BigReal d = x.IsNegative ? n + one + one : n + (2 * e * e);
        return x * n / d;
    }
}
