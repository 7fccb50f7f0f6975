using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>HardSigmoid, a piecewise linear sigmoid: y = min(1, max(0, αx + β)).</summary>
internal sealed class HardSigmoid : ActivationFunction
{
    internal HardSigmoid()
        : base(ActivationKind.HardSigmoid, isMonotonic: true, defaultAlpha: 1f / 6f, defaultBeta: 0.5f, float32Ulps: 0.5)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = min(1, max(0, αx + β))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Math.Min(1, Math.Max(0, (alpha * x) + beta));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => (alpha * x) + beta is > 0 and <= 1 ? alpha : 0;

    /// <inheritdoc/>
    internal override InitialWeights InitialWeights => InitialWeights.Glorot;

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => BigReal.Min(BigReal.One, BigReal.Max(BigReal.Zero, (alpha * x) + beta));

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("HardSigmoid", new Setting(0.2f, "alpha"), new Setting(0.5f, "beta")) { InRecurrent = true }],
        KerasFunctions =
        [
            new("hard_sigmoid", new Setting(0.2f), new Setting(0.5f)) { BeforeVersion = 3 },
            new("hard_sigmoid", new Setting(1f / 6f), new Setting(0.5f)) { FromVersion = 3 },
        ],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [new("Hardsigmoid")],
    };
}

/// <content>HardSigmoid's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction HardSigmoid = Add(new HardSigmoid());
}
