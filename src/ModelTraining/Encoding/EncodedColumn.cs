namespace EdgeInference.ModelTraining.Encoding;

/// <summary>One number that a learner reads, made of one feature in the float32 arithmetic of the operator FeatureTransform.</summary>
/// <param name="Source">The feature.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Code">The category of <see cref="EncodedKind.Equal"/>.</param>
/// <param name="Fill">The result for a missing value, for <see cref="EncodedKind.Line"/>.</param>
/// <param name="Knots">Ascending, for <see cref="EncodedKind.Line"/>: one for a line without ends, else the ends clip.</param>
/// <param name="Heights">The result at each knot.</param>
/// <param name="Slopes">From each knot on; the last of several has none.</param>
internal sealed record EncodedColumn(int Source, EncodedKind Kind, int Code, float Fill, float[] Knots, float[] Heights, float[] Slopes)
{
    /// <summary>1 where the category is <paramref name="code"/>, else 0.</summary>
    internal static EncodedColumn Equal(int source, int code) => new(source, EncodedKind.Equal, code, 0, [], [], []);

    /// <summary>1 where the value is missing, else 0.</summary>
    internal static EncodedColumn Missing(int source) => new(source, EncodedKind.Missing, 0, 0, [], [], []);

    /// <summary>The number for a row of raw features.</summary>
    internal float Apply(ReadOnlySpan<float> row)
    {
        float v = row[Source];
        return Kind switch
        {
            EncodedKind.Equal => v == Code ? 1f : 0f,
            EncodedKind.Missing => float.IsNaN(v) ? 1f : 0f,
            _ => float.IsNaN(v) ? Fill : Line(v),
        };
    }

    private float Line(float v)
    {
        int segment = 0;
        if (Knots.Length > 1)
        {
            v = v < Knots[0] ? Knots[0] : v > Knots[^1] ? Knots[^1] : v;
            while (segment < Knots.Length - 2 && Knots[segment + 1] <= v)
            {
                segment++;
            }
        }

        float distance = v - Knots[segment];
        float rise = distance * Slopes[segment];
        return Heights[segment] + rise;
    }
}
