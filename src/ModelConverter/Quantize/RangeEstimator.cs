namespace EdgeInference.ModelConverter.Quantize;

/// <summary>Chooses the range of an int8 tensor.</summary>
internal static class RangeEstimator
{
    private const double Tail = 1e-4;
    private const int Levels = 256;
    private const int Steps = 64;

    /// <summary>The range for a tensor.</summary>
    public static ValueRange Estimate(ValueStatistics statistics, RangeMethod method) => method switch
    {
        RangeMethod.Percentile => Percentile(statistics),
        RangeMethod.MeanSquareError => Best(statistics, SquaredError),
        RangeMethod.Entropy => Best(statistics, Divergence),
        _ => statistics.Range,
    };

    private static ValueRange Percentile(ValueStatistics statistics)
    {
        long total = statistics.Histogram.Sum();
        double allowed = total * Tail;
        int first = 0;
        int last = ValueStatistics.Bins - 1;
        for (long cut = statistics.Histogram[first]; cut <= allowed && first < last; cut += statistics.Histogram[first])
        {
            first++;
        }

        for (long cut = statistics.Histogram[last]; cut <= allowed && first < last; cut += statistics.Histogram[last])
        {
            last--;
        }

        return Bins(statistics.Range, first, last + 1);
    }

    // A search over how far each side is cut, coarse on both and independent of the number of rows.
    private static ValueRange Best(ValueStatistics statistics, Func<ValueStatistics, int, int, double> loss)
    {
        int bestFirst = 0;
        int bestEnd = ValueStatistics.Bins;
        double best = loss(statistics, bestFirst, bestEnd);
        int step = ValueStatistics.Bins / 2 / Steps;
        for (int first = 0; first < ValueStatistics.Bins / 2; first += step)
        {
            double candidate = loss(statistics, first, bestEnd);
            if (candidate < best)
            {
                (best, bestFirst) = (candidate, first);
            }
        }

        for (int end = ValueStatistics.Bins; end > ValueStatistics.Bins / 2; end -= step)
        {
            double candidate = loss(statistics, bestFirst, end);
            if (candidate < best)
            {
                (best, bestEnd) = (candidate, end);
            }
        }

        return Bins(statistics.Range, bestFirst, bestEnd);
    }

    private static double SquaredError(ValueStatistics statistics, int first, int end)
    {
        // Inside, the error is uniform within one step: step²/12 (Bennett 1948); outside, the distance to the end.
        double width = (end - first) / (double)Levels;
        double inside = width * width / 12;
        double sum = 0;
        for (int bin = 0; bin < ValueStatistics.Bins; bin++)
        {
            double distance = bin < first ? first - bin - 0.5 : bin >= end ? bin + 0.5 - end : 0;
            sum += statistics.Histogram[bin] * (distance > 0 ? distance * distance : inside);
        }

        return sum;
    }

    // Migacz, "8-bit inference with TensorRT" (2017): outliers are added to the end bins of the reference, the quantized
    // distribution spreads each level's mass over the bins that held any.
    private static double Divergence(ValueStatistics statistics, int first, int end)
    {
        double[] reference = Array.ConvertAll(statistics.Histogram[first..end], count => (double)count);
        double[] original = [.. reference];
        reference[0] += statistics.Histogram[..first].Sum();
        reference[^1] += statistics.Histogram[end..].Sum();
        double total = reference.Sum();
        double originalTotal = original.Sum();
        double divergence = 0;
        for (int level = 0; level < Levels; level++)
        {
            int from = (int)((long)level * reference.Length / Levels);
            int to = (int)((long)(level + 1) * reference.Length / Levels);
            double mass = 0;
            int filled = 0;
            for (int bin = from; bin < to; bin++)
            {
                mass += original[bin];
                filled += original[bin] > 0 ? 1 : 0;
            }

            for (int bin = from; bin < to; bin++)
            {
                if (reference[bin] > 0)
                {
                    double p = reference[bin] / total;
                    double q = filled > 0 ? Math.Max(mass / filled / originalTotal, 1e-12) : 1e-12;
                    divergence += p * Math.Log(p / q);
                }
            }
        }

        return divergence;
    }

    private static ValueRange Bins(ValueRange range, int first, int end)
    {
        double width = ((double)range.High - range.Low) / ValueStatistics.Bins;
        return new ValueRange((float)(range.Low + (first * width)), (float)(range.Low + (end * width)));
    }
}
