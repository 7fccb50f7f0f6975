using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>Softsign, a sigmoid without exponentials: y = x / (1 + |x|).</summary>
internal sealed class Softsign : ActivationFunction
{
    internal Softsign()
        : base(ActivationKind.Softsign, isMonotonic: true, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x / (1 + |x|)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, 1);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsInfinity(x) ? Math.Sign(x) : x / (1 + Math.Abs(x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)));

    /// <inheritdoc/>
    internal override InitialWeights InitialWeights => InitialWeights.Glorot;

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x / (BigReal.One + BigReal.Abs(x));

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Softsign") { InRecurrent = true }],
        KerasFunctions = [new("softsign")],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [new("Softsign")],
    };
}

/// <content>Softsign's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction Softsign = Add(new Softsign());
}
