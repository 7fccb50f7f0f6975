using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx.Quantized;

/// <summary>How an int8 operator writes: the scale, and the clamp that a Relu or Clip behind it is.</summary>
/// <param name="Quantization">Scale and zero point.</param>
/// <param name="Low">Lowest real number.</param>
/// <param name="High">Highest real number.</param>
internal sealed record OutputRange(Quantization Quantization, double Low = double.NegativeInfinity, double High = double.PositiveInfinity)
{
    /// <summary>Whether there is a clamp.</summary>
    internal bool IsClamped => !double.IsNegativeInfinity(Low) || !double.IsPositiveInfinity(High);

    /// <summary>Lowest integer.</summary>
    internal int Min => Bound(Low);

    /// <summary>Highest integer.</summary>
    internal int Max => Math.Max(Bound(High), Min);

    private int Bound(double real) =>
        (int)Math.Clamp(Math.Round(real / Quantization.Scale, MidpointRounding.ToEven) + Quantization.ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
}
