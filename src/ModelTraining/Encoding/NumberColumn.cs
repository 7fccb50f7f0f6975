using EdgeInference.ModelConverter.Features;

namespace EdgeInference.ModelTraining.Encoding;

/// <summary>How a column of numbers is encoded: from the values that are present in the training rows.</summary>
internal static class NumberColumn
{
    // A column is skewed from here on: an exponential distribution has 2, a normal one 0.
    private const double Skewed = 1;

    // An even column is clipped where training rows lie more than this many deviations from their mean.
    private const double FarDeviations = 5;

    // A column of fewer different values is a code or a count, whose steps mean what they say.
    private const int FewestValues = 8;

    // Shares of the rows below a knot, and what a normal distribution has there.
    private static readonly double[] shares = [0.005, 0.03, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.995];
    private static readonly double[] normal = [-2.5758293035489, -1.88079360815125, -1.2815515655446, -0.674489750196082, 0, 0.674489750196082, 1.2815515655446, 1.88079360815125, 2.5758293035489];

    /// <summary>Whether shaping would change the column more than a standardisation does.</summary>
    internal static bool NeedsShape(float[] sorted) =>
        Different(sorted) >= FewestValues && Moments(sorted) is var (mean, deviation, skew)
        && (Math.Abs(skew) > Skewed || (mean - sorted[0]) > FarDeviations * deviation || (sorted[^1] - mean) > FarDeviations * deviation);

    /// <summary>The encoded column; null for one that never varies, or so little that float32 has no factor for it.</summary>
    /// <param name="source">The feature.</param>
    /// <param name="sorted">The values that are present, ascending.</param>
    /// <param name="kind">How.</param>
    internal static FeatureColumn? Of(int source, float[] sorted, EncodingKind kind)
    {
        if (sorted.Length == 0 || sorted[0] == sorted[^1])
        {
            return null;
        }

        (double mean, double deviation, double skew) = Moments(sorted);
        if (kind == EncodingKind.Standard || Different(sorted) < FewestValues)
        {
            float factor = (float)(1 / deviation);
            return float.IsFinite(factor) ? WithFill(fill => FeatureColumn.Line(source, fill, (float)mean, 0f, factor), sorted) : null;
        }

        (float[] x, float[] y) = Math.Abs(skew) > Skewed ? Quantiles(sorted) : Clipped(sorted, mean, deviation);
        bool isSteep = Enumerable.Range(1, x.Length - 1).Any(i => !float.IsFinite((float)(((double)y[i] - y[i - 1]) / ((double)x[i] - x[i - 1]))));
        return isSteep ? null : WithFill(fill => FeatureColumn.Line(source, fill, x, y), sorted);
    }

    // A missing value is taken for the median.
    private static FeatureColumn WithFill(Func<float, FeatureColumn> column, float[] sorted) => column(EncodedValue.Of(column(0), sorted[sorted.Length / 2]));

    private static (float[] X, float[] Y) Clipped(float[] sorted, double mean, double deviation)
    {
        double low = Math.Max(mean - (FarDeviations * deviation), sorted[0] - (0.5 * deviation));
        double high = Math.Min(mean + (FarDeviations * deviation), sorted[^1] + (0.5 * deviation));
        return ([(float)low, (float)high], [(float)((low - mean) / deviation), (float)((high - mean) / deviation)]);
    }

    private static (float[] X, float[] Y) Quantiles(float[] sorted)
    {
        var knots = new List<float>();
        var heights = new List<double>();
        int equal = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            double place = shares[i] * (sorted.Length - 1);
            int below = (int)place;
            float knot = (float)(sorted[below] + ((place - below) * ((double)sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below])));
            if (knots.Count > 0 && knot <= knots[^1])
            {
                // Many rows have this value: the middle of their shares.
                equal++;
                heights[^1] += (normal[i] - heights[^1]) / (equal + 1);
            }
            else
            {
                knots.Add(knot);
                heights.Add(normal[i]);
                equal = 0;
            }
        }

        if (knots.Count == 1)
        {
            // Nearly all rows have one value, and the few others are what matters.
            knots = [sorted[0], sorted[^1]];
            heights = [0, 1];
        }

        float[] x = [.. knots];
        var raw = FeatureColumn.Line(0, 0, x, [.. heights.Select(height => (float)height)]);
        (double mean, _, _) = Moments(Array.ConvertAll(sorted, value => EncodedValue.Of(raw, value)));

        // The deviation is about 1, or lower where many rows have one value: divided by it, the rare others would be far away.
        return (x, [.. heights.Select(height => (float)(height - mean))]);
    }

    private static int Different(float[] sorted)
    {
        int count = 1;
        for (int i = 1; i < sorted.Length && count < FewestValues; i++)
        {
            count += sorted[i] != sorted[i - 1] ? 1 : 0;
        }

        return count;
    }

    private static (double Mean, double Deviation, double Skew) Moments(float[] values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        double squares = 0;
        double cubes = 0;
        foreach (float value in values)
        {
            double distance = value - mean;
            squares += distance * distance;
            cubes += distance * distance * distance;
        }

        double deviation = Math.Sqrt(squares / values.Length);
        return (mean, deviation, cubes / values.Length / (deviation * deviation * deviation));
    }
}
