using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// The two tables and the multiplier of the int16 Softmax. Entries follow TensorFlow Lite's rule for a 513-entry table, in
/// float32 as there: the function at each 128th input, less half of the error that a straight line has in the middle.
/// </summary>
internal static class Int16SoftmaxTables
{
    // −10 … 0 in 65,535 steps: e^−10 rounds to 0 beside any probability that counts.
    private const float Range = 65535f;
    private const float Span = 10f;

    /// <summary>e^x for −10 to 0, Q0.15.</summary>
    internal static short[] Exponentials() => Populate(Span / Range, short.MaxValue, x => (float)PortableMath.Exp(x));

    /// <summary>1 / (1 + x) for 0 to 1, Q0.15.</summary>
    internal static short[] Reciprocals() => Populate(1f / Range, short.MinValue, x => 1f / (1f + x));

    /// <summary>What a difference of two inputs is multiplied with to index the exponentials.</summary>
    internal static QuantizedMultiplier Multiplier(float inputScale, float beta) => QuantizedMultiplier.From((double)inputScale * beta / (10.0 / 65535.0));

    // Every step is rounded to float32: the order of the operations is part of the definition.
    private static short[] Populate(float inputScale, int inputZeroPoint, Func<float, float> function)
    {
        const int Steps = Int16Softmax.TableLength - 1;
        const float OutputScale = 2f / Range;
        float inputMin = inputScale * (short.MinValue - inputZeroPoint);
        float inputMax = inputScale * (short.MaxValue - inputZeroPoint);
        float outputMin = OutputScale * short.MinValue;
        float outputMax = OutputScale * short.MaxValue;
        float step = (inputMax - inputMin) / Steps;
        float halfStep = step / 2;
        float inverse = (Range + 1) / (outputMax - outputMin);
        var table = new short[Int16Softmax.TableLength];
        for (int i = 0; i < Steps; i++)
        {
            float here = function(inputMin + (i * step)) * inverse;
            float middle = function(inputMin + (i * step) + halfStep) * inverse;
            float next = function(inputMin + ((i + 1) * step)) * inverse;
            float sample = Round(here);
            float line = Round((next + sample) / 2);
            float bias = Round((line - Round(middle)) / 2);
            table[i] = Saturate(sample - bias);
        }

        table[Steps] = Saturate(Round(function(inputMax) * inverse));
        return table;
    }

    private static float Round(float x) => MathF.Round(x, MidpointRounding.AwayFromZero);

    private static short Saturate(float x) => (short)Math.Clamp(x, short.MinValue, short.MaxValue);
}
