using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>GELUTanh, the tanh form of GELU: y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
internal sealed class GELUTanh : ActivationFunction
{
    internal GELUTanh()
        : base(ActivationKind.GELUTanh, isMonotonic: false, float32Ulps: 3)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³)))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.17004075957610155, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsInfinity(x) ? (x > 0 ? x : 0) : x * Sigmoid.Of(2 * Inner(x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? 1 : 0;
        }

        double s = Sigmoid.Of(2 * Inner(x));
        double innerSlope = Factor * (1 + (3 * Cubic * x * x));
        return s + (2 * x * s * Sigmoid.Of(-2 * Inner(x)) * innerSlope);
    }

    private const double Cubic = 0.044715;

    private static readonly double Factor = Math.Sqrt(2 / Math.PI);

    private static double Inner(double x) => Factor * (x + (Cubic * x * x * x));

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta)
    {
        BigReal cubic = (44715 * BigReal.One) / 1_000_000;
        return x * Sigmoid.PreciseOf(2 * (BigReal.Sqrt(2 * BigReal.One / BigReal.Pi) * (x + (cubic * x * x * x))));
    }

    /// <inheritdoc/>
    internal override string WriteOnnx(IOnnxNodes onnx, string x, float alpha, float beta, string? slopes)
    {
        string cube = onnx.Node("Mul", [onnx.Node("Mul", [x, x]), x]);
        string sum = onnx.Node("Add", [x, onnx.Node("Mul", [cube, onnx.Scalar(0.044715f)])]);
        string inner = onnx.Node("Mul", [sum, onnx.Scalar((float)Math.Sqrt(2 / Math.PI))]);
        return GELU.WriteOnnx(onnx, x, onnx.Node("Tanh", [inner]));
    }

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Gelu") { Form = ("approximate", "tanh") }],
        KerasFunctions = [],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [new("GELU") { Form = ("approximate", "tanh") }],
    };
}

/// <content>GELUTanh's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction GELUTanh = Add(new GELUTanh());
}
