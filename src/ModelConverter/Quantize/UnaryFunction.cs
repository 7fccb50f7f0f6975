using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>A function of one variable that a table is built from.</summary>
/// <param name="Value">The value in double precision.</param>
/// <param name="Precise">
/// The value to about 2^−380, asked only where double precision is too close to a tie; null if the double is taken at
/// its word.
/// </param>
internal sealed record UnaryFunction(Func<double, double> Value, Func<BigReal, BigReal>? Precise = null)
{
    /// <summary>An activation function with its parameters.</summary>
    internal static UnaryFunction Of(ActivationKind kind, float alpha, float beta)
    {
        ActivationFunction function = ActivationFunctions.Get(kind);
        BigReal a = BigReal.Of(alpha);
        BigReal b = BigReal.Of(beta);
        return new UnaryFunction(x => function.Value(x, alpha, beta), x => function.Precise(x, a, b));
    }

    /// <summary>An activation function with its default parameters.</summary>
    internal static UnaryFunction Of(ActivationKind kind)
    {
        ActivationFunction function = ActivationFunctions.Get(kind);
        return Of(kind, function.DefaultAlpha, function.DefaultBeta);
    }
}
