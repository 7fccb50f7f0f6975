using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>SELU, the self-normalising exponential linear unit; α and γ by Klambauer et al. 2017: y = γx for x ≥ 0, else γα(eˣ − 1).</summary>
internal sealed class SELU : ActivationFunction
{
    internal SELU()
        : base(ActivationKind.SELU, isMonotonic: true, defaultAlpha: 1.67326319f, defaultBeta: 1.05070102f, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = γx for x ≥ 0, else γα(eˣ − 1)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-(double)DefaultAlpha * DefaultBeta, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x >= 0 ? beta * x : beta * alpha * ExpMinusOne.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? beta : beta * alpha * PortableMath.Exp(x);

    /// <inheritdoc/>
    internal override InitialWeights InitialWeights => InitialWeights.LeCun;

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => beta * (x.IsNegative ? alpha * (BigReal.Exp(x) - BigReal.One) : x);

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Selu", new Setting(1.67326319f, "alpha"), new Setting(1.05070102f, "gamma"))],
        KerasFunctions = [new("selu")],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [new("SELU")],
    };
}

/// <content>SELU's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction SELU = Add(new SELU());
}
