namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Rows of weights with their biases as integers: symmetric int8 or 16 bits, a scale for each row or one for all.</summary>
/// <param name="Integers">rows × depth values of −127 to 127, or of −32,639 to 32,639.</param>
/// <param name="Scales">A scale for each row.</param>
/// <param name="Biases">A bias for each row, in units of input scale × row scale.</param>
internal sealed record QuantizedWeights(int[] Integers, float[] Scales, long[] Biases)
{
    private const int Limit = 127;

    // Both halves within int8.
    private const int HalvesLimit = (256 * 127) + 127;

    // Half of int32, so that a bias leaves room for the accumulator.
    private const double BiasLimit = 1 << 30;

    // Half of what DenseRule takes for int64 sums.
    private const double WideBiasLimit = 1L << 45;

    // Below this multiplier a finer row is no better: its sums round to nothing, and so does its bias.
    private const double SmallestMultiplier = 1.0 / (1 << 30);

    /// <summary>The weights in int8.</summary>
    internal sbyte[] Weights => Array.ConvertAll(Integers, value => (sbyte)value);

    /// <summary>Quantizes rows.</summary>
    /// <param name="weights">rows × depth real values.</param>
    /// <param name="biases">rows real values.</param>
    /// <param name="inputScale">The scale of the activations that the weights meet.</param>
    /// <param name="inputMeans">For each weight the mean of the input that it meets, or null for no bias correction.</param>
    /// <param name="perChannel">A scale for each row instead of one for all.</param>
    /// <param name="zeroPoint">The zero point of int8 activations. Rows are made as coarse as it takes for int32 to hold their sums.</param>
    /// <param name="wideOutputScale">For int16 activations, whose sums are int64: the scale that they are requantized to.</param>
    /// <param name="halves">Weights of 16 bits; only for int16 activations.</param>
    internal static QuantizedWeights From(
        double[] weights, double[] biases, double inputScale, double[]? inputMeans, bool perChannel, int zeroPoint = 0, double? wideOutputScale = null, bool halves = false)
    {
        int limit = halves ? HalvesLimit : Limit;
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
            double least = Math.Abs(biases[row]) / (inputScale * BiasLimit);
            if (wideOutputScale is { } outputScale)
            {
                least = Math.Max(Math.Min(least, outputScale * SmallestMultiplier / inputScale), Math.Abs(biases[row]) / (inputScale * WideBiasLimit));
            }

            double scale = Math.Max(largest / limit, least);
            scales[row] = scale >= 1e-30 ? (float)scale : 1f;
        }

        if (!perChannel)
        {
            Array.Fill(scales, scales.Max());
        }

        QuantizedWeights result = Rounded(weights, biases, scales, inputScale, inputMeans, limit);
        while (wideOutputScale is null && result.Excess(zeroPoint) is { } excess)
        {
            // Rounding may add what the factor took away.
            for (int row = 0; row < rows; row++)
            {
                scales[row] *= (float)(1.01 * (perChannel ? excess[row] : excess.Max()));
            }

            result = Rounded(weights, biases, scales, inputScale, inputMeans, limit);
        }

        return result;
    }

    /// <summary>The weights of 16 bits as [rows, 2, depth] int8: the high halves of a row and its low halves, 256·high + low.</summary>
    internal sbyte[] Halves()
    {
        int depth = Integers.Length / Biases.Length;
        var halves = new sbyte[2 * Integers.Length];
        for (int i = 0; i < Integers.Length; i++)
        {
            int high = (Integers[i] + 128) >> 8;
            int place = (i / depth * 2 * depth) + (i % depth);
            halves[place] = (sbyte)high;
            halves[place + depth] = (sbyte)(Integers[i] - (256 * high));
        }

        return halves;
    }

    // By what each row's largest sum passes int32, 1/1.01 for a row that does not; null where none does.
    private double[]? Excess(int zeroPoint)
    {
        int depth = Integers.Length / Biases.Length;
        var excess = new double[Biases.Length];
        for (int row = 0; row < excess.Length; row++)
        {
            long low = Biases[row];
            long high = low;
            for (int i = 0; i < depth; i++)
            {
                int weight = Integers[(row * depth) + i];
                low += weight * ((weight < 0 ? sbyte.MaxValue : sbyte.MinValue) - zeroPoint);
                high += weight * ((weight < 0 ? sbyte.MinValue : sbyte.MaxValue) - zeroPoint);
            }

            excess[row] = low < int.MinValue || high > int.MaxValue ? Math.Max(high / (double)int.MaxValue, low / (double)int.MinValue) : 1 / 1.01;
        }

        return excess.Max() >= 1 ? excess : null;
    }

    private static QuantizedWeights Rounded(double[] weights, double[] biases, float[] scales, double inputScale, double[]? inputMeans, int limit)
    {
        int rows = biases.Length;
        int depth = weights.Length / rows;
        var quantized = new int[weights.Length];
        var integers = new long[rows];
        for (int row = 0; row < rows; row++)
        {
            double correction = 0;
            for (int i = 0; i < depth; i++)
            {
                double real = weights[(row * depth) + i];
                double rounded = Math.Clamp(Math.Round(real / scales[row], MidpointRounding.AwayFromZero), -limit, limit);
                quantized[(row * depth) + i] = (int)rounded;
                correction += inputMeans is null ? 0 : (real - (rounded * scales[row])) * inputMeans[(row * depth) + i];
            }

            integers[row] = (long)Math.Round((biases[row] + correction) / (inputScale * scales[row]), MidpointRounding.AwayFromZero);
        }

        return new QuantizedWeights(quantized, [.. scales], integers);
    }
}
