using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators.Reference;

/// <content>Features of a table.</content>
internal static partial class DoubleKernels
{
    internal static double[] FeatureTransform(Node node, double[]?[] inputs)
    {
        IReadOnlyList<FeatureColumn> columns = FeatureTransformPlan.Of(node).Columns;
        int features = node.Input(0).LastDimension;
        double[] x = inputs[0]!;
        var y = new double[x.Length / features * columns.Count];
        for (int i = 0; i < y.Length; i++)
        {
            FeatureColumn column = columns[i % columns.Count];
            y[i] = Transformed(column, x[(i / columns.Count * features) + column.Source]);
        }

        return y;
    }

    private static double Transformed(FeatureColumn column, double v) => column.Kind switch
    {
        FeatureKind.Missing => double.IsNaN(v) ? 1 : 0,
        FeatureKind.PiecewiseLinear when double.IsNaN(v) => column.Fill,
        FeatureKind.PiecewiseLinear => Line(column, v),
        _ when double.IsNaN(v) => 0,
        FeatureKind.Equal => v == column.X[0] ? 1 : 0,
        FeatureKind.Unknown => v >= 0 && v < column.Codes && v == Math.Floor(v) ? 0 : 1,
        _ => column.X.Count(boundary => boundary <= v),
    };

    private static double Line(FeatureColumn column, double v)
    {
        double within = column.X.Length == 1 ? v : Math.Clamp(v, column.X[0], column.X[^1]);
        int segment = Math.Max(0, Array.FindLastIndex(column.X[..column.Heights.Length], knot => knot <= within));
        return column.Heights[segment] + ((within - column.X[segment]) * column.Slopes[segment]);
    }
}
