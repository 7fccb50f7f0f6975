using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>ReLU6, the rectified linear unit that ends at 6: y = min(6, max(0, x)).</summary>
internal sealed class ReLU6 : ActivationFunction
{
    internal ReLU6()
        : base(ActivationKind.ReLU6, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = min(6, max(0, x))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 6);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Math.Min(6, Math.Max(0, x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x is > 0 and <= 6 ? 1 : 0;

    /// <inheritdoc/>
    internal override (double Low, double High)? Clamp => (0, 6);

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => BigReal.Min(6 * BigReal.One, BigReal.Max(BigReal.Zero, x));

    /// <inheritdoc/>
    internal override string WriteOnnx(IOnnxNodes onnx, string x, float alpha, float beta, string? slopes) =>
        onnx.Node("Clip", [x, onnx.Scalar(0), onnx.Scalar(6)]);

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [],
        KerasFunctions = [new("relu6")],
        KerasLayers = [],
        Tflite = [new("RELU6")],
        LayerFile = [new("ReLU6")],
    };
}

/// <content>ReLU6's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction ReLU6 = Add(new ReLU6());
}
