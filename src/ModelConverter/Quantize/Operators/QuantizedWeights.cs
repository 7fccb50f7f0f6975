namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Rows of weights with their biases as integers: symmetric int8, a scale for each row or one for all.</summary>
/// <param name="Weights">rows × depth values of −127 to 127.</param>
/// <param name="Scales">A scale for each row.</param>
/// <param name="Biases">A bias for each row, in units of input scale × row scale.</param>
internal sealed record QuantizedWeights(sbyte[] Weights, float[] Scales, long[] Biases)
{
    private const int Limit = 127;

    // Half of int32, so that a bias leaves room for the accumulator.
    private const double BiasLimit = 1 << 30;

    /// <summary>Quantizes rows.</summary>
    /// <param name="weights">rows × depth real values.</param>
    /// <param name="biases">rows real values.</param>
    /// <param name="inputScale">The scale of the activations that the weights meet.</param>
    /// <param name="inputMeans">For each weight the mean of the input that it meets, or null for no bias correction.</param>
    /// <param name="perChannel">A scale for each row instead of one for all.</param>
    internal static QuantizedWeights From(double[] weights, double[] biases, double inputScale, double[]? inputMeans, bool perChannel)
    {
        int rows = biases.Length;
        int depth = weights.Length / rows;
        var scales = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            double largest = 0;
            for (int i = 0; i < depth; i++)
            {
                largest = Math.Max(largest, Math.Abs(weights[(row * depth) + i]));
            }

            // A row of tiny weights must not make its bias overflow.
            double scale = Math.Max(largest / Limit, Math.Abs(biases[row]) / (inputScale * BiasLimit));
            scales[row] = scale >= 1e-30 ? (float)scale : 1f;
        }

        if (!perChannel)
        {
            Array.Fill(scales, scales.Max());
        }

        var quantized = new sbyte[weights.Length];
        var integers = new long[rows];
        for (int row = 0; row < rows; row++)
        {
            double correction = 0;
            for (int i = 0; i < depth; i++)
            {
                double real = weights[(row * depth) + i];
                double rounded = Math.Clamp(Math.Round(real / scales[row], MidpointRounding.AwayFromZero), -Limit, Limit);
                quantized[(row * depth) + i] = (sbyte)rounded;
                correction += inputMeans is null ? 0 : (real - (rounded * scales[row])) * inputMeans[(row * depth) + i];
            }

            integers[row] = (long)Math.Round((biases[row] + correction) / (inputScale * scales[row]), MidpointRounding.AwayFromZero);
        }

        return new QuantizedWeights(quantized, scales, integers);
    }
}
