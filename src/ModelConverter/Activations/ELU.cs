using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>ELU, the exponential linear unit: y = x for x ≥ 0, else α(eˣ − 1).</summary>
internal sealed class ELU : ActivationFunction
{
    internal ELU()
        : base(ActivationKind.ELU, isMonotonic: true, defaultAlpha: 1f, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x for x ≥ 0, else α(eˣ − 1)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-1, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x >= 0 ? x : alpha * ExpMinusOne.Of(x);

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > 0 ? 1 : alpha * PortableMath.Exp(x);

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x.IsNegative ? alpha * (BigReal.Exp(x) - BigReal.One) : x;

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Elu", new Setting(1f, "alpha")) { InRecurrent = true }],
        KerasFunctions = [new("elu")],
        KerasLayers = [new("ELU", new Setting(1f, "alpha"))],
        Tflite = [new("ELU")],
        LayerFile = [new("ELU", new Setting(1f, "alpha"))],
    };
}

/// <content>ELU's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction ELU = Add(new ELU());
}
