using EdgeInference.ModelConverter.Numerics;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>Gives the correctly rounded output of a function for each quantized input.</summary>
internal sealed class TableRounding
{
    // Beyond any zero point and any type by far.
    private const double Saturated = 1 << 20;

    // Functions in double precision are good to about 1e-14 of their value; this is wider, and still rare.
    private const double Doubt = 1e-10;

    private readonly UnaryFunction function;
    private readonly double inputScale;
    private readonly int inputZeroPoint;
    private readonly double outputScale;
    private readonly int outputZeroPoint;
    private readonly int min;
    private readonly int max;

    internal TableRounding(UnaryFunction function, float inputScale, int inputZeroPoint, float outputScale, int outputZeroPoint, int min, int max)
    {
        RequireScale(inputScale, nameof(inputScale));
        RequireScale(outputScale, nameof(outputScale));
        this.function = function;
        this.inputScale = inputScale;
        this.inputZeroPoint = inputZeroPoint;
        this.outputScale = outputScale;
        this.outputZeroPoint = outputZeroPoint;
        this.min = min;
        this.max = max;
    }

    /// <summary>The unrounded output for a quantized input, in units of the output's last bit, zero point included.</summary>
    internal double Exact(int quantized) => (function.Value(Input(quantized)) / outputScale) + outputZeroPoint;

    /// <summary>The correctly rounded and clamped output for a quantized input.</summary>
    internal int Entry(int quantized)
    {
        double input = Input(quantized);
        double scaled = function.Value(input) / outputScale;
        if (double.IsNaN(scaled))
        {
            return outputZeroPoint;
        }

        double magnitude = Math.Abs(scaled);
        if (magnitude > Saturated)
        {
            return scaled < 0 ? min : max;
        }

        double below = Math.Floor(magnitude);
        double rest = magnitude - below;
        bool up = Math.Abs(rest - 0.5) > Doubt * (1 + magnitude) ? rest > 0.5 : ReachesTie(input, below + 0.5);
        int rounded = (int)below + (up ? 1 : 0);
        return Math.Clamp((scaled < 0 ? -rounded : rounded) + outputZeroPoint, min, max);
    }

    private static void RequireScale(float scale, string name)
    {
        if (!float.IsFinite(scale) || scale <= 0)
        {
            throw new ArgumentOutOfRangeException(name, scale, "A scale must be finite and above 0.");
        }
    }

    // Exact: 24 bits of scale times at most 17 of difference.
    private double Input(int quantized) => inputScale * (quantized - inputZeroPoint);

    private bool ReachesTie(double input, double tie)
    {
        BigReal value = function.Precise is { } precise ? precise(BigReal.Of(input)) : BigReal.Of(function.Value(input));
        return BigReal.Abs(value) >= BigReal.Of(tie) * BigReal.Of(outputScale);
    }
}
