using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>Takes the statistics of training inputs, with limits beyond which an input is unlike them. docs/decisions-quality.md has the formulas.</summary>
internal static class InputStatisticsFitter
{
    private const float LowestRangeLimit = 0.5f;

    // Where all rows are equally far out, as of ±1 features, the last bit must not decide.
    private const double DistanceMargin = 1.01;

    /// <summary>Fits.</summary>
    /// <param name="rows">Training inputs, two or more.</param>
    /// <param name="falseAlarms">The share of such rows that may be called unlike, 0 to below 1.</param>
    /// <returns>The values of the InputStatistics and InputLimits records.</returns>
    /// <exception cref="InputException">There are fewer than two rows.</exception>
    public static (float[] Statistics, float[] Limits) Fit(IReadOnlyList<float[]> rows, double falseAlarms = 0.01)
    {
        if (rows.Count < 2)
        {
            throw new InputException("Input statistics need two rows or more.");
        }

        int features = rows[0].Length;
        var moments = Standardisation.Of(rows, features);
        var statistics = new float[4 * features];
        var ranges = new Range[features];
        for (int i = 0; i < features; i++)
        {
            ranges[i] = Range.Of(rows, i);
            statistics[4 * i] = (float)moments.Means[i];
            statistics[(4 * i) + 1] = Scale(moments, i);
            statistics[(4 * i) + 2] = ranges[i].Lowest;
            statistics[(4 * i) + 3] = ranges[i].Highest;
        }

        var excesses = new double[rows.Count];
        var distances = new double[rows.Count];
        for (int row = 0; row < rows.Count; row++)
        {
            for (int i = 0; i < features; i++)
            {
                float x = rows[row][i];
                double scale = statistics[(4 * i) + 1];
                double z = (x - (double)statistics[4 * i]) / scale;
                distances[row] += z * z / features;
                excesses[row] = Math.Max(excesses[row], ranges[i].ExcessOverOthers(x) / scale);
            }
        }

        // Half of the false alarms for each of the two scores.
        float rangeLimit = Math.Max(LowestRangeLimit, (float)Quantile(excesses, falseAlarms / 2));
        float distanceLimit = (float)(DistanceMargin * Quantile(distances, falseAlarms / 2));
        return (statistics, [rangeLimit, Math.Max(distanceLimit, 1e-6f)]);
    }

    private static float Scale(Standardisation moments, int feature)
    {
        float scale = (float)(moments.IsConstant[feature] ? Math.Max(Math.Abs(moments.Means[feature]), 1) : moments.Deviations[feature]);

        // The engines multiply by 1 / scale, which has to be a number.
        return Math.Clamp(scale, 1e-37f, 1e37f);
    }

    private static double Quantile(double[] values, double shareAbove)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Max(0, sorted.Length - 1 - (int)(shareAbove * sorted.Length))];
    }

    private readonly record struct Range(float Lowest, float SecondLowest, float SecondHighest, float Highest)
    {
        internal static Range Of(IReadOnlyList<float[]> rows, int feature)
        {
            float[] sorted = [.. rows.Select(row => row[feature]).Order()];
            return new Range(sorted[0], sorted[1], sorted[^2], sorted[^1]);
        }

        // How far x, which is among the rows, lies outside the range of the other rows.
        internal double ExcessOverOthers(float x) =>
            x == Lowest ? (double)SecondLowest - x : x == Highest ? x - (double)SecondHighest : 0;
    }
}
