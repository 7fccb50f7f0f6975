using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>Softplus, a smooth ReLU: y = ln(1 + eˣ).</summary>
internal sealed class Softplus : ActivationFunction
{
    internal Softplus()
        : base(ActivationKind.Softplus, isMonotonic: true, float32Ulps: 2)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = ln(1 + eˣ)";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => Of(x);

    /// <summary>The value, without an instance.</summary>
    internal static double Of(double x) => Math.Max(x, 0) + Log1p(PortableMath.Exp(-Math.Abs(x)));

    // ln(1 + u) to full precision for small u, by Kahan's correction of the rounded sum.
    private static double Log1p(double u)
    {
        double sum = 1 + u;
        return sum == 1 ? u : PortableMath.Log(sum) * u / (sum - 1);
    }

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => Sigmoid.Of(x);

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => BigReal.Max(x, BigReal.Zero) + BigReal.Log1p(BigReal.Exp(-BigReal.Abs(x)));

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Softplus") { InRecurrent = true }],
        KerasFunctions = [new("softplus")],
        KerasLayers = [],
        Tflite = [],
        LayerFile = [new("Softplus")],
    };
}

/// <content>Softplus's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction Softplus = Add(new Softplus());
}
