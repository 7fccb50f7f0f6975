using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>Linear, the identity: y = x.</summary>
internal sealed class Linear : ActivationFunction
{
    internal Linear()
        : base(ActivationKind.Linear, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (double.NegativeInfinity, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => 1;

    /// <inheritdoc/>
    internal override (double Low, double High)? Clamp => (double.NegativeInfinity, double.PositiveInfinity);

    /// <inheritdoc/>
    internal override InitialWeights InitialWeights => InitialWeights.Glorot;

    /// <inheritdoc/>
    internal override (string Code, int Instructions)? NanoCode(string x, string alpha) => (x, 1);

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x;

    /// <inheritdoc/>
    internal override string WriteOnnx(IOnnxNodes onnx, string x, float alpha, float beta, string? slopes) =>
        x;

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [],
        KerasFunctions = [new("linear")],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [],
    };
}

/// <content>Linear's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction Linear = Add(new Linear());
}
