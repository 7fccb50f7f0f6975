using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>ThresholdedReLU, ReLU with its step at α: y = x for x > α, else 0.</summary>
internal sealed class ThresholdedReLU : ActivationFunction
{
    internal ThresholdedReLU()
        : base(ActivationKind.ThresholdedReLU, isMonotonic: true, defaultAlpha: 1f)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x for x > α, else 0";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x > alpha ? x : double.IsNaN(x) ? x : 0;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > alpha ? 1 : 0;

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x > alpha ? x : BigReal.Zero;

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("ThresholdedRelu", new Setting(1f, "alpha")) { InRecurrent = true }],
        KerasFunctions = [],
        KerasLayers = [new("ThresholdedReLU", new Setting(1f, "theta"))],
        Tflite = [],
        LayerFile = [],
    };
}

/// <content>ThresholdedReLU's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction ThresholdedReLU = Add(new ThresholdedReLU());
}
