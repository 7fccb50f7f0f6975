using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelTraining;

/// <summary>Rounds real numbers to those that int8 parameters can stand for.</summary>
internal readonly struct FakeQuantizer(Quantization quantization)
{
    private readonly double scale = quantization.Scale;
    private readonly double low = (-128.0 - quantization.ZeroPoint) * quantization.Scale;
    private readonly double high = (127.0 - quantization.ZeroPoint) * quantization.Scale;

    internal double Round(double x) => Math.Clamp(Math.Round(x / scale, MidpointRounding.AwayFromZero) * scale, low, high);

    /// <summary>Whether rounding changes x by half a step at most: where it clips, a gradient has nothing to say.</summary>
    internal bool Holds(double x) => x >= low - (scale / 2) && x <= high + (scale / 2);
}
