using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>LeakyReLU, the rectified linear unit that leaks: y = x for x ≥ 0, else αx.</summary>
internal sealed class LeakyReLU : ActivationFunction
{
    internal LeakyReLU()
        : base(ActivationKind.LeakyReLU, isMonotonic: true, defaultAlpha: 0.01f, float32Ulps: 0.5)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x for x ≥ 0, else αx";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (double.NegativeInfinity, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x >= 0 ? x : alpha * x;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : alpha;

    /// <inheritdoc/>
    internal override double SlopeBelowZero(double alpha) => alpha;

    /// <inheritdoc/>
    internal override (string Code, int Instructions)? NanoCode(string x, string alpha) => ($"0f <= {x} ? {x} : {alpha} * {x}", 6);

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x.IsNegative ? alpha * x : x;

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("LeakyRelu", new Setting(0.01f, "alpha")) { InRecurrent = true }],
        KerasFunctions = [new("leaky_relu", new Setting(0.2f))],
        KerasLayers = [new("LeakyReLU", new Setting(0.3f, "alpha", "negative_slope"))],
        Tflite = [new("LEAKY_RELU")],
        LayerFile = [new("LeakyReLU", new Setting(0.01f, "negative_slope"))],
    };
}

/// <content>LeakyReLU's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction LeakyReLU = Add(new LeakyReLU());
}
