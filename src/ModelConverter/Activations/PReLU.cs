using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>PReLU, LeakyReLU with a trained slope; α here is the slope of the current channel: y = x for x ≥ 0, else αx.</summary>
internal sealed class PReLU : ActivationFunction
{
    internal PReLU()
        : base(ActivationKind.PReLU, isMonotonic: true, defaultAlpha: 0.25f, float32Ulps: 0.5)
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
        Onnx = [new("PRelu")],
        KerasFunctions = [],
        KerasLayers = [new("PReLU")],
        Tflite = [new("PRELU")],
        LayerFile = [new("PReLU")],
    };
}

/// <content>PReLU's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction PReLU = Add(new PReLU());
}
