using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>SiLU, the sigmoid linear unit, also called Swish: y = x·sigmoid(x).</summary>
internal sealed class SiLU : ActivationFunction
{
    internal SiLU()
        : base(ActivationKind.SiLU, isMonotonic: false, float32Ulps: 3)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·sigmoid(x)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.27846454276107380, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsNegativeInfinity(x) ? 0 : x * Sigmoid.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? 1 : 0;
        }

        double s = Sigmoid.Of(x);
        return s + (x * s * Sigmoid.Of(-x));
    }

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x * Sigmoid.PreciseOf(x);

    /// <inheritdoc/>
    internal override string WriteOnnx(IOnnxNodes onnx, string x, float alpha, float beta, string? slopes) =>
        onnx.Node("Mul", [x, onnx.Node("Sigmoid", [x])]);

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Swish")],
        KerasFunctions = [new("swish"), new("silu")],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [new("SiLU")],
    };
}

/// <content>SiLU's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction SiLU = Add(new SiLU());
}
