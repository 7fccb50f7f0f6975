using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelTraining.Encoding;

/// <summary>What FeatureTransform makes of a feature, in the float32 arithmetic of the engines, so that a learner sees the device's bits.</summary>
internal static class EncodedValue
{
    internal static float Of(FeatureColumn column, float value) => column.Kind switch
    {
        FeatureKind.Equal => value == column.X[0] ? 1f : 0f,
        FeatureKind.Missing => float.IsNaN(value) ? 1f : 0f,
        FeatureKind.PiecewiseLinear => float.IsNaN(value) ? column.Fill : Line(column, value),
        _ => throw new NotSupportedException($"{column.Kind} is not encoded."),
    };

    private static float Line(FeatureColumn column, float value)
    {
        float[] knots = column.X;
        int segment = 0;
        if (knots.Length > 1)
        {
            value = value < knots[0] ? knots[0] : value > knots[^1] ? knots[^1] : value;
            while (segment < knots.Length - 2 && knots[segment + 1] <= value)
            {
                segment++;
            }
        }

        float distance = value - knots[segment];
        float rise = distance * column.Slopes[segment];
        return column.Heights[segment] + rise;
    }
}
