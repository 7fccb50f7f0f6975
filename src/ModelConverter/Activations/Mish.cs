using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>Mish, the self-regularised Mish of Misra 2019: y = x·tanh(ln(1 + eˣ)).</summary>
internal sealed class Mish : ActivationFunction
{
    internal Mish()
        : base(ActivationKind.Mish, isMonotonic: false, float32Ulps: 4)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·tanh(ln(1 + eˣ))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.30884341109720266, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsNegativeInfinity(x) ? 0 : x * Tanh.Of(Softplus.Of(x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? 1 : 0;
        }

        double t = Tanh.Of(Softplus.Of(x));
        return t + (x * (1 - (t * t)) * Sigmoid.Of(x));
    }

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta)
    {
        // tanh(ln(1 + eˣ)) = n / (n + 2) with n = eˣ(eˣ + 2); above 0 both are multiplied by e^−2x, so that nothing is large.
        BigReal e = BigReal.Exp(-BigReal.Abs(x));
        BigReal n = x.IsNegative ? e * (e + BigReal.One + BigReal.One) : BigReal.One + (2 * e);
        BigReal d = x.IsNegative ? n + BigReal.One + BigReal.One : n + (2 * e * e);
        return x * n / d;
    }

    /// <inheritdoc/>
    internal override string WriteOnnx(IOnnxNodes onnx, string x, float alpha, float beta, string? slopes) =>
        onnx.Node("Mul", [x, onnx.Node("Tanh", [onnx.Node("Softplus", [x])])]);

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Mish")],
        KerasFunctions = [new("mish")],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [new("Mish")],
    };
}

/// <content>Mish's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction Mish = Add(new Mish());
}
