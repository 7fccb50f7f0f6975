using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>Shrink, hard with β = 0 and soft with β = α (Donoho and Johnstone 1994): y = x − β for x > α, x + β for x &lt; −α, else 0.</summary>
internal sealed class Shrink : ActivationFunction
{
    internal Shrink()
        : base(ActivationKind.Shrink, isMonotonic: true, defaultAlpha: 0.5f, defaultBeta: 0.5f, float32Ulps: 0.5)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x − β for x > α, x + β for x < −α, else 0";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (double.NegativeInfinity, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) => x > alpha ? x - beta : x < -alpha ? x + beta : double.IsNaN(x) ? x : 0;

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta) => x > alpha || x <= -alpha ? 1 : 0;

    /// <inheritdoc/>
    internal override BigReal Precise(BigReal x, BigReal alpha, BigReal beta) => x > alpha ? x - beta : x < -alpha ? x + beta : BigReal.Zero;

    /// <inheritdoc/>
    internal override SourceNames Names { get; } = new()
    {
        Onnx = [new("Shrink", new Setting(0.5f, "lambd"), new Setting(0f, "bias"))],
        KerasFunctions =
        [
            new("hard_shrink", new Setting(0.5f), new Setting(0f)),
            new("soft_shrink", new Setting(0.5f), new Setting(0.5f)),
        ],
        KerasLayers = [],
        Tflite = [],
        LayerFile =
        [
            new("Hardshrink", new Setting(0.5f, "lambd"), new Setting(0f)),
            new("Softshrink", new Setting(0.5f, "lambd"), new Setting(0.5f, "lambd")),
        ],
    };
}

/// <content>Shrink's entry.</content>
internal static partial class ActivationFunctions
{
    internal static readonly ActivationFunction Shrink = Add(new Shrink());
}
