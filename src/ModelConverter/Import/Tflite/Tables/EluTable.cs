using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Tflite.Tables;

/// <summary>int8 ELU by TensorFlow Lite's rule: each step in single precision, the result rounded with ties away from zero.</summary>
internal static class EluTable
{
    internal static Func<int, int> Of(Quantization input, Quantization output)
    {
        float inverse = 1f / output.Scale;
        return x =>
        {
            float real = input.Scale * (x - input.ZeroPoint);
            float value = real < 0f ? (float)Math.Exp(real) - 1f : real;
            return (int)(MathF.Round(value * inverse, MidpointRounding.AwayFromZero) + output.ZeroPoint);
        };
    }
}
