using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>Sigmoid, the logistic function: y = 1 / (1 + e⁻ˣ).</summary>
internal sealed class Sigmoid : ActivationFunction
{
    internal Sigmoid()
        : base(ActivationKind.Sigmoid, isMonotonic: true, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = 1 / (1 + e⁻ˣ)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Of(x);

    /// <summary>The value, without an instance.</summary>
    internal static double Of(double x)
    {
        // e^−|x| never overflows.
        double e = PortableMath.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        // s(1 − s) loses all digits where s is close to 1; e⁻|ˣ| keeps them.
        double e = PortableMath.Exp(-Math.Abs(x));
        return e / ((1 + e) * (1 + e));
    }

    /// <inheritdoc/>
    internal override InitialWeights InitialWeights => InitialWeights.Glorot;

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => PreciseOf(x);

    /// <summary>The exact value, without an instance.</summary>
    internal static BigReal PreciseOf(BigReal x)
    {
        BigReal e = BigReal.Exp(-BigReal.Abs(x));
        return (x.IsNegative ? e : BigReal.One) / (BigReal.One + e);
    }

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Sigmoid") { InRecurrent = true }],
        KerasFunctions = [new("sigmoid")],
        KerasLayers = [],
        Tflite = [new("LOGISTIC")],
        LayerFile = [new("Sigmoid")],
    };
}

/// <content>Sigmoid's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction Sigmoid = Add(new Sigmoid());
}
