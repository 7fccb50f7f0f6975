using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>HardSwish, a piecewise quadratic Swish: y = x·min(1, max(0, x/6 + 1/2)).</summary>
internal sealed class HardSwish : ActivationFunction
{
    internal HardSwish()
        : base(ActivationKind.HardSwish, isMonotonic: false, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·min(1, max(0, x/6 + 1/2))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.375, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) =>
        x <= -3 ? 0 : x > 3 ? 1 : ((2 * x) + 3) / 6;

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x * BigReal.Min(6 * BigReal.One, BigReal.Max(BigReal.Zero, x + (3 * BigReal.One))) / 6;

    /// <inheritdoc/>
    internal override string WriteOnnx(IOnnxNodes onnx, string x, float alpha, float beta, string? slopes) =>
        onnx.Node("Mul", [x, onnx.Node("HardSigmoid", [x], ("alpha", 1f / 6), ("beta", 0.5f))]);

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("HardSwish")],
        KerasFunctions = [new("hard_swish"), new("hard_silu")],
        KerasLayers = [],
        Tflite = [new("HARD_SWISH")],
        LayerFile = [new("Hardswish")],
    };
}

/// <content>HardSwish's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction HardSwish = Add(new HardSwish());
}
