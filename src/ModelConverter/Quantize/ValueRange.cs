using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>The real numbers that a tensor is to represent.</summary>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
internal readonly record struct ValueRange(float Low, float High)
{
    /// <summary>
    /// Asymmetric int8 parameters over the range widened to hold 0, as the TensorFlow Lite quantization specification asks:
    /// 0 must be exact, since padding and ReLU produce it.
    /// </summary>
    public Quantization ToInt8()
    {
        double low = Math.Min(Low, 0);
        double high = Math.Max(High, 0);
        float scale = Scale((high - low) / 255);
        int zeroPoint = (int)Math.Clamp(Math.Round(-128 - (low / scale), MidpointRounding.AwayFromZero), -128, 127);
        return new Quantization(scale, zeroPoint);
    }

    /// <summary>The range with both ends multiplied.</summary>
    public ValueRange Widened(float factor) => new(Low * factor, High * factor);

    /// <summary>Symmetric int16 parameters.</summary>
    public Quantization ToInt16() => new(Scale(Math.Max(Math.Abs((double)Low), Math.Abs((double)High)) / 32767), 0);

    // A tensor that is always 0 still needs a scale above 0.
    private static float Scale(double exact) => (float)exact > float.MinValue && (float)exact >= 1e-30f ? (float)exact : 1f;
}
