namespace EdgeInference.ModelConverter.Graphs;

/// <summary>real = scale · (quantized − zero point), per tensor or per channel.</summary>
/// <param name="Scale">The scale, or the first channel's.</param>
/// <param name="ZeroPoint">The quantized value that stands for 0.</param>
/// <param name="Scales">A scale for each channel, or null.</param>
/// <param name="Axis">The axis of the channels.</param>
internal sealed record Quantization(float Scale, int ZeroPoint, float[]? Scales = null, int Axis = 0);
