#nullable enable

namespace ModelFormat.Writing;

/// <summary>How a tensor's integers stand for real numbers: real = scale · (quantized − zero point).</summary>
/// <param name="Scale">Finite and above 0; the first channel's where there are several.</param>
/// <param name="ZeroPoint">Within the tensor's type.</param>
/// <param name="ScalesTensor">Index of the float32 constant with a scale for each channel, −1 for per-tensor.</param>
/// <param name="ChannelAxis">The axis of the channels.</param>
public readonly record struct TensorQuantization(float Scale, int ZeroPoint, int ScalesTensor = -1, int ChannelAxis = 0);
