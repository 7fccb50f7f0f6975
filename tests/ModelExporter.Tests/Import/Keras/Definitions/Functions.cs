namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>Keras's activations by name, as keras.activations defines them.</summary>
internal static class Functions
{
    internal static readonly string[] Names =
    [
        "linear", "relu", "relu6", "leaky_relu", "sigmoid", "tanh", "elu", "selu", "celu", "gelu", "swish", "silu", "hard_swish", "hard_silu", "hard_shrink", "soft_shrink", "mish",
        "softplus", "softsign", "softmax", "log_softmax", "exponential", "log_sigmoid", "hard_tanh", "hard_sigmoid",
    ];

    internal static Nd Apply(string name, Nd x, int version) => name switch
    {
        "softmax" => Softmax(x, x.Shape.Length - 1),
        "log_softmax" => Softmax(x, x.Shape.Length - 1).Map(Math.Log),
        _ => x.Map(Of(name, version)),
    };

    internal static Func<double, double> Of(string name, int version) => name switch
    {
        "linear" => x => x,
        "relu" => x => Math.Max(0, x),
        "relu6" => x => Math.Min(6, Math.Max(0, x)),
        "leaky_relu" => x => x < 0 ? 0.2 * x : x,
        "sigmoid" => x => 1 / (1 + Math.Exp(-x)),
        "tanh" => Math.Tanh,
        "elu" or "celu" => x => x < 0 ? Math.Exp(x) - 1 : x,
        "selu" => x => 1.05070098735548049342 * (x < 0 ? 1.67326324235437728482 * (Math.Exp(x) - 1) : x),
        "gelu" => x => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))),
        "swish" or "silu" => x => x / (1 + Math.Exp(-x)),
        "hard_swish" or "hard_silu" => x => x * Math.Min(6, Math.Max(0, x + 3)) / 6,
        "hard_shrink" => x => Math.Abs(x) > 0.5 ? x : 0,
        "soft_shrink" => x => Math.Sign(x) * Math.Max(0, Math.Abs(x) - 0.5),
        "mish" => x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        "softplus" => x => Math.Log(1 + Math.Exp(x)),
        "softsign" => x => x / (1 + Math.Abs(x)),
        "exponential" => Math.Exp,
        "log_sigmoid" => x => -Math.Log(1 + Math.Exp(-x)),
        "hard_tanh" => x => Math.Min(1, Math.Max(-1, x)),
        "hard_sigmoid" => x => Math.Min(1, Math.Max(0, ((version >= 3 ? 1.0 / 6 : 0.2) * x) + 0.5)),
        _ => throw new ArgumentException(name),
    };

    internal static Nd Softmax(Nd x, int axis) => Nd.Make(x.Shape, at =>
    {
        double sum = 0;
        int[] other = [.. at];
        for (int i = 0; i < x.Shape[axis]; i++)
        {
            other[axis] = i;
            sum += Math.Exp(x[other]);
        }

        return Math.Exp(x[at]) / sum;
    });

    // The series of the integral; exact enough below 4.
    private static double Erf(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < 100; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
