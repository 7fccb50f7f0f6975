namespace EdgeInference.ModelConverter.Data;

/// <summary>z = (x − mean) / deviation, feature by feature, in double precision.</summary>
internal sealed class Standardisation
{
    private const double StepsOfADeviation = 20;

    private Standardisation(double[] means, double[] deviations, bool[] isConstant)
    {
        Means = means;
        Deviations = deviations;
        IsConstant = isConstant;
    }

    internal double[] Means { get; }

    /// <summary>Population standard deviations; 1 for a feature that never varies.</summary>
    internal double[] Deviations { get; }

    /// <summary>Whether a feature has the same value in every row.</summary>
    internal bool[] IsConstant { get; }

    /// <summary>Features whose values vary by so little that float32 holds fewer than 20 steps of a deviation: a part of what they say was lost when they were read.</summary>
    internal IEnumerable<int> Coarse() => Enumerable.Range(0, Means.Length)
        .Where(i => !IsConstant[i] && MathF.BitIncrement(Math.Abs((float)Means[i])) - Math.Abs((float)Means[i]) > Deviations[i] / StepsOfADeviation);

    internal static Standardisation Of(IReadOnlyList<float[]> rows, int features)
    {
        var means = new double[features];
        var deviations = new double[features];
        var isConstant = new bool[features];
        for (int i = 0; i < features; i++)
        {
            double sum = 0;
            float first = rows[0][i];

            // Not "deviation is 0": the mean of equal values is rounded, so that theirs seldom is.
            isConstant[i] = true;
            foreach (float[] row in rows)
            {
                sum += row[i];
                isConstant[i] &= row[i] == first;
            }

            means[i] = isConstant[i] ? first : sum / rows.Count;
            double squares = 0;
            foreach (float[] row in rows)
            {
                double distance = row[i] - means[i];
                squares += distance * distance;
            }

            deviations[i] = isConstant[i] ? 1 : Math.Sqrt(squares / rows.Count);
        }

        return new Standardisation(means, deviations, isConstant);
    }

    internal double[] Apply(ReadOnlySpan<float> row)
    {
        var z = new double[Means.Length];
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = (row[i] - Means[i]) / Deviations[i];
        }

        return z;
    }
}
