using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>ReLU, the rectified linear unit: y = max(0, x).</summary>
internal sealed class ReLU : ActivationFunction
{
    internal ReLU()
        : base(ActivationKind.ReLU, isMonotonic: true)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = max(0, x)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x > 0 ? x : double.IsNaN(x) ? x : 0;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : 0;

    /// <inheritdoc/>
    internal override (double Low, double High)? Clamp => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    internal override (string Code, int Instructions)? NanoCode(string x, string alpha) => ($"{x} < 0f ? 0f : {x}", 5);

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => BigReal.Max(BigReal.Zero, x);

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Relu") { InRecurrent = true }],
        KerasFunctions = [new("relu")],
        KerasLayers = [new("ReLU")],
        Tflite = [new("RELU")],
        LayerFile = [new("ReLU")],
    };
}

/// <content>ReLU's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction ReLU = Add(new ReLU());
}
