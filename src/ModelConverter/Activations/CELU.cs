using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>CELU, the continuously differentiable exponential linear unit: y = max(0, x) + min(0, α(e^(x/α) − 1)).</summary>
internal sealed class CELU : ActivationFunction
{
    internal CELU()
        : base(ActivationKind.CELU, isMonotonic: true, defaultAlpha: 1f, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = max(0, x) + min(0, α(e^(x/α) − 1))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Math.Max(0, x) + Math.Min(0, alpha * ExpMinusOne.Of(x / alpha));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : PortableMath.Exp(x / alpha);

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta)
    {
        // Follows Math.Max and Math.Min of the definition for either sign of α.
        if (!x.IsNegative && !alpha.IsNegative)
        {
            return x;
        }

        return BigReal.Max(BigReal.Zero, x) + BigReal.Min(BigReal.Zero, alpha * (BigReal.Exp(x / alpha) - BigReal.One));
    }

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Celu", new Setting(1f, "alpha"))],
        KerasFunctions = [new("celu")],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [new("CELU", new Setting(1f, "alpha"))],
    };
}

/// <content>CELU's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction CELU = Add(new CELU());
}
