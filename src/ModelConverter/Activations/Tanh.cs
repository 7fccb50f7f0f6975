using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>Tanh, the hyperbolic tangent: y = tanh x = 2·sigmoid(2x) − 1.</summary>
internal sealed class Tanh : ActivationFunction
{
    internal Tanh()
        : base(ActivationKind.Tanh, isMonotonic: true, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = tanh x = 2·sigmoid(2x) − 1";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Of(x);

    /// <summary>The value, without an instance.</summary>
    internal static double Of(double x)
    {
        // (e^(−2|x|) − 1) never overflows, and keeps its digits near 0.
        double t = ExpMinusOne.Of(-2 * Math.Abs(x));
        return Math.CopySign(t / (2 + t), x);
    }

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        double e = PortableMath.Exp(-2 * Math.Abs(x));
        return 4 * e / ((1 + e) * (1 + e));
    }

    /// <inheritdoc/>
    internal override InitialWeights InitialWeights => InitialWeights.Glorot;

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta)
    {
        BigReal e = BigReal.Exp(-2 * BigReal.Abs(x));
        BigReal magnitude = (BigReal.One - e) / (BigReal.One + e);
        return x.IsNegative ? -magnitude : magnitude;
    }

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Tanh") { InRecurrent = true }],
        KerasFunctions = [new("tanh")],
        KerasLayers = [],
        Tflite = [new("TANH")],
        LayerFile = [new("Tanh")],
    };
}

/// <content>Tanh's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction Tanh = Add(new Tanh());
}
