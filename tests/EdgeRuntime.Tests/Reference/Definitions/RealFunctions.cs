using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>Functions of real numbers in double precision, by the formulas of docs/activations.md and of the kinds.</summary>
internal static class RealFunctions
{
    internal static double Activation(ActivationKind kind, double x, double alpha, double beta) =>
        double.IsNegativeInfinity(x) && TendsToZero(kind) ? 0 : Finite(kind, x, alpha, beta);

    // x times what goes to 0 faster than x grows.
    private static bool TendsToZero(ActivationKind kind) =>
        kind is ActivationKind.SiLU or ActivationKind.Mish or ActivationKind.GELU or ActivationKind.GELUTanh or ActivationKind.HardSwish;

    private static double Finite(ActivationKind kind, double x, double alpha, double beta) => kind switch
    {
        ActivationKind.Linear => x,
        ActivationKind.Step => double.IsNaN(x) ? x : x >= 0 ? 1 : 0,
        ActivationKind.Sigmoid => Sigmoid(x),
        ActivationKind.HardSigmoid => Math.Min(1, Math.Max(0, (alpha * x) + beta)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.ReLU => Math.Max(0, x),
        ActivationKind.ReLU6 => Math.Min(6, Math.Max(0, x)),
        ActivationKind.LeakyReLU or ActivationKind.PReLU => x >= 0 || double.IsNaN(x) ? x : alpha * x,
        ActivationKind.ELU => x >= 0 || double.IsNaN(x) ? x : alpha * ExpMinusOne(x),
        ActivationKind.SELU => x >= 0 || double.IsNaN(x) ? beta * x : beta * alpha * ExpMinusOne(x),
        ActivationKind.CELU => Math.Max(0, x) + Math.Min(0, alpha * ExpMinusOne(x / alpha)),
        ActivationKind.GELU => x < 0 ? x / 2 * Erfc(-x / Math.Sqrt(2)) : x * (1 - (Erfc(x / Math.Sqrt(2)) / 2)),
        ActivationKind.GELUTanh => x * Sigmoid(2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))),
        ActivationKind.SiLU => x * Sigmoid(x),
        ActivationKind.HardSwish => x * Math.Min(1, Math.Max(0, (x / 6) + 0.5)),
        ActivationKind.Mish => x * TanhOfSoftplus(x),
        ActivationKind.Softplus => Softplus(x),
        ActivationKind.Softsign => double.IsInfinity(x) ? Math.Sign(x) : x / (1 + Math.Abs(x)),
        ActivationKind.ThresholdedReLU => x > alpha || double.IsNaN(x) ? x : 0,
        ActivationKind.Shrink => x > alpha || double.IsNaN(x) ? x - beta : x < -alpha ? x + beta : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    internal static double Softplus(double x) => double.IsPositiveInfinity(x) ? x : Math.Max(0, x) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>ln(1 + u) for u from 0 to 1, by a series where 1 + u would lose u's digits.</summary>
    internal static double LogOnePlus(double u) => u < 1e-5 ? u - (u * u / 2) + (u * u * u / 3) : Math.Log(1 + u);

    internal static double ExpMinusOne(double x) => Math.Abs(x) < 1e-3 ? x + (x * x / 2) + (x * x * x / 6) + (x * x * x * x / 24) : Math.Exp(x) - 1;

    /// <summary>erfc(x) for x ≥ 0: Taylor's series of erf below 2, Laplace's continued fraction from there.</summary>
    internal static double Erfc(double x)
    {
        if (x < 2)
        {
            double term = x;
            double sum = x;
            for (int n = 1; n < 80; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }

        double fraction = x;
        for (int n = 200; n >= 1; n--)
        {
            fraction = x + (n / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / fraction / Math.Sqrt(Math.PI);
    }

    internal static double Erf(double x) => double.IsNaN(x) ? x : x < 0 ? -Erf(-x) : x > 6 ? 1 : x < 2 ? ErfSeries(x) : 1 - Erfc(x);

    internal static double Unary(UnaryKind kind, double x, double alpha, double beta) => kind switch
    {
        UnaryKind.Abs => Math.Abs(x),
        UnaryKind.Neg => -x,
        UnaryKind.Exp => Math.Exp(x),
        UnaryKind.Log => Math.Log(x),
        UnaryKind.Sqrt => Math.Sqrt(x),
        UnaryKind.Reciprocal => 1 / x,
        UnaryKind.Square => x * x,
        UnaryKind.Floor => Math.Floor(x),
        UnaryKind.Ceil => Math.Ceiling(x),
        UnaryKind.Round => Math.Round(x, MidpointRounding.ToEven),
        UnaryKind.Truncate => Math.Truncate(x),
        UnaryKind.Sign => double.IsNaN(x) ? x : Math.Sign(x),
        UnaryKind.Clip => Math.Min(beta, Math.Max(alpha, x)),
        UnaryKind.Erf => Erf(x),
        UnaryKind.Not => x == 0 ? 1 : 0,
        UnaryKind.IsNaN => double.IsNaN(x) ? 1 : 0,
        UnaryKind.IsInf => (x == double.NegativeInfinity && alpha != 0) || (x == double.PositiveInfinity && beta != 0) ? 1 : 0,
        UnaryKind.Sin => Math.Sin(x),
        UnaryKind.Cos => Math.Cos(x),
        UnaryKind.Tan => Math.Tan(x),
        UnaryKind.Asin => Math.Asin(x),
        UnaryKind.Acos => Math.Acos(x),
        UnaryKind.Atan => Math.Atan(x),
        UnaryKind.Sinh => Math.Sinh(x),
        UnaryKind.Cosh => Math.Cosh(x),
        UnaryKind.Asinh => Math.Asinh(x),
        UnaryKind.Acosh => Math.Acosh(x),
        UnaryKind.Atanh => Math.Atanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    internal static double Binary(BinaryKind kind, double a, double b) => kind switch
    {
        BinaryKind.Min => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : a < b ? a : b,
        BinaryKind.Max => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : a > b ? a : b,
        BinaryKind.Pow => Math.Pow(a, b),
        BinaryKind.Mod => a - (b * Math.Floor(a / b)),
        BinaryKind.Remainder => a - (b * Math.Truncate(a / b)),
        BinaryKind.Equal => a == b ? 1 : 0,
        BinaryKind.Less => a < b ? 1 : 0,
        BinaryKind.LessOrEqual => a <= b ? 1 : 0,
        BinaryKind.And => Truth(a) && Truth(b) ? 1 : 0,
        BinaryKind.Or => Truth(a) || Truth(b) ? 1 : 0,
        BinaryKind.Xor => Truth(a) != Truth(b) ? 1 : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static bool Truth(double x) => x != 0;

    private static double ErfSeries(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    // tanh(ln(1 + e^x)) = ((1 + e^x)² − 1) / ((1 + e^x)² + 1), with numerator and denominator by e^x that cannot cancel.
    private static double TanhOfSoftplus(double x)
    {
        if (x > 20)
        {
            return 1;
        }

        double e = Math.Exp(x);
        return e * (e + 2) / ((e * (e + 2)) + 2);
    }
}
