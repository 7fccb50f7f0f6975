namespace EdgeInference.ModelConverter.Emit;

/// <summary>What the elements of a quantized tensor can be.</summary>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
internal readonly record struct ValueRange(int Low, int High);
