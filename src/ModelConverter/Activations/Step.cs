using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>Step, the unit step: y = 1 for x ≥ 0, else 0.</summary>
internal sealed class Step : ActivationFunction
{
    internal Step()
        : base(ActivationKind.Step, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = 1 for x ≥ 0, else 0";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => double.IsNaN(x) ? x : x >= 0 ? 1 : 0;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => 0;

    /// <inheritdoc/>
    internal override InitialWeights InitialWeights => InitialWeights.Glorot;

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x.IsNegative ? BigReal.Zero : BigReal.One;

    /// <inheritdoc/>
    internal override string WriteOnnx(IOnnxNodes onnx, string x, float alpha, float beta, string? slopes) =>
        // Cast to float32 is ONNX's element type 1.
        onnx.Node("Cast", [onnx.Node("GreaterOrEqual", [x, onnx.Scalar(0)])], ("to", 1));

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [],
        KerasFunctions = [],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [],
    };
}

/// <content>Step's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction Step = Add(new Step());
}
