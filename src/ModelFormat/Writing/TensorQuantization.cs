#nullable enable

namespace EdgeInference.ModelFormat.Writing;

/// <summary>How a tensor's integers stand for real numbers: real = scale · (quantized − zero point).</summary>
/// <param name="Scale">Finite and above 0; the first channel's where the multipliers differ.</param>
/// <param name="ZeroPoint">Within the tensor's type.</param>
internal readonly record struct TensorQuantization(float Scale, int ZeroPoint);
