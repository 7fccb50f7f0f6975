using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Features;

/// <summary>One output of a FeatureTransform, as <see cref="ModelFormat.Rules.FeatureTransformRule"/> says.</summary>
internal sealed class FeatureColumn
{
    private FeatureColumn(int source, FeatureKind kind)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(source);
        Source = source;
        Kind = kind;
    }

    /// <summary>The feature that it takes, 0 or more.</summary>
    internal int Source { get; }

    /// <summary>What it makes of it.</summary>
    internal FeatureKind Kind { get; }

    /// <summary>What a missing value becomes, for PiecewiseLinear.</summary>
    internal float Fill { get; private init; }

    /// <summary>Knots, boundaries, or the one number of Equal; ascending.</summary>
    internal float[] X { get; private init; } = [];

    /// <summary>The height of each segment at its first knot.</summary>
    internal float[] Heights { get; private init; } = [];

    /// <summary>The slope of each segment.</summary>
    internal float[] Slopes { get; private init; } = [];

    /// <summary>How many codes Unknown knows.</summary>
    internal int Codes { get; private init; }

    /// <summary>What the file counts: knots, boundaries or codes; 0 where the kind has no count.</summary>
    internal int Count => Kind switch { FeatureKind.Unknown => Codes, FeatureKind.PiecewiseLinear or FeatureKind.Bin => X.Length, _ => 0 };

    /// <summary>The numbers of the file.</summary>
    internal IEnumerable<float> Values => Kind == FeatureKind.PiecewiseLinear ? [Fill, .. X, .. Heights.Zip(Slopes, (height, slope) => (float[])[height, slope]).SelectMany(pair => pair)] : X;

    /// <summary>A line through points; beyond the first and the last the value is theirs.</summary>
    /// <param name="source">The feature.</param>
    /// <param name="fill">What a missing value becomes, finite.</param>
    /// <param name="x">Two knots or more, finite and ascending; equal ones make a step, of which the later holds at the knot. The last two differ.</param>
    /// <param name="y">The value at each knot, finite.</param>
    /// <exception cref="ArgumentException">The points are none of these.</exception>
    internal static FeatureColumn Line(int source, float fill, float[] x, float[] y)
    {
        if (x.Length < 2 || x.Length != y.Length || !(x[^2] < x[^1]))
        {
            throw new ArgumentException("needs two knots or more, a value for each, and a last knot above the one before");
        }

        var slopes = new float[x.Length - 1];
        for (int i = 0; i < slopes.Length; i++)
        {
            slopes[i] = x[i] == x[i + 1] ? 0f : (float)(((double)y[i + 1] - y[i]) / ((double)x[i + 1] - x[i]));
        }

        return Of(source, fill, x, y[..^1], slopes);
    }

    /// <summary>A line without ends: <paramref name="height"/> at <paramref name="x"/>, and a slope; all finite.</summary>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    internal static FeatureColumn Line(int source, float fill, float x, float height, float slope) => Of(source, fill, [x], [height], [slope]);

    /// <summary>1 where the feature is a number, which is finite.</summary>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    internal static FeatureColumn Equal(int source, float value) => new(source, FeatureKind.Equal) { X = Ascending([value]) };

    /// <summary>1 where the feature is missing.</summary>
    internal static FeatureColumn Missing(int source) => new(source, FeatureKind.Missing);

    /// <summary>1 where the feature is not missing and none of the codes from 0 on, of which there are 1 to 2²⁴.</summary>
    /// <exception cref="ArgumentException">The number of codes is outside these bounds.</exception>
    internal static FeatureColumn Unknown(int source, int codes) => codes is > 0 and <= ModelFormat.Rules.FeatureTransformRule.MaxCount
        ? new FeatureColumn(source, FeatureKind.Unknown) { Codes = codes }
        : throw new ArgumentException($"has {codes} codes, expected 1 to {ModelFormat.Rules.FeatureTransformRule.MaxCount}");

    /// <summary>How many of the boundaries are at or below the feature; they are finite and ascend, and may be equal.</summary>
    /// <exception cref="ArgumentException">There is no boundary, or they do not ascend.</exception>
    internal static FeatureColumn Bin(int source, float[] boundaries) => new(source, FeatureKind.Bin) { X = Ascending(boundaries) };

    /// <summary>A line as a file has it.</summary>
    internal static FeatureColumn Of(int source, float fill, float[] x, float[] heights, float[] slopes)
    {
        if (!float.IsFinite(fill) || !Array.TrueForAll(heights, float.IsFinite) || !Array.TrueForAll(slopes, float.IsFinite))
        {
            throw new ArgumentException("has a value, a slope or a fill that is not finite");
        }

        return new FeatureColumn(source, FeatureKind.PiecewiseLinear) { Fill = fill, X = Ascending(x), Heights = heights, Slopes = slopes };
    }

    private static float[] Ascending(float[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]) || (i > 0 && !(values[i - 1] <= values[i])))
            {
                throw new ArgumentException("has knots or boundaries that are not finite or do not ascend");
            }
        }

        return values.Length > 0 ? values : throw new ArgumentException("has no knot or boundary");
    }
}
