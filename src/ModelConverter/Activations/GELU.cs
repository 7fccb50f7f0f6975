using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>GELU, the Gaussian error linear unit: y = x·Φ(x) = x/2·(1 + erf(x/√2)).</summary>
internal sealed class GELU : ActivationFunction
{
    internal GELU()
        : base(ActivationKind.GELU, isMonotonic: false, float32Ulps: 5)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·Φ(x) = x/2·(1 + erf(x/√2))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.16997120747990369, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsInfinity(x) ? (x > 0 ? x : 0) : 0.5 * x * ErrorFunction.Erfc(-x / Math.Sqrt(2));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        double density = PortableMath.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
        double slope = density == 0 ? 0 : x * density;
        return (0.5 * ErrorFunction.Erfc(-x / Math.Sqrt(2))) + slope;
    }

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x * BigReal.NormalDistribution(x);

    /// <inheritdoc/>
    internal override string WriteOnnx(IOnnxNodes onnx, string x, float alpha, float beta, string? slopes) =>
        WriteOnnx(onnx, x, onnx.Node("Erf", [onnx.Node("Mul", [x, onnx.Scalar((float)Math.Sqrt(0.5))])]));

    /// <summary>x/2·(1 + curve) as ONNX nodes.</summary>
    internal static string WriteOnnx(IOnnxNodes onnx, string x, string curve) =>
        onnx.Node("Mul", [onnx.Node("Mul", [x, onnx.Scalar(0.5f)]), onnx.Node("Add", [curve, onnx.Scalar(1)])]);

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Gelu") { Form = ("approximate", "none") }],
        KerasFunctions = [new("gelu")],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [new("GELU") { Form = ("approximate", "none") }],
    };
}

/// <content>GELU's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction GELU = Add(new GELU());
}
