using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelTraining;

/// <summary>FeatureTransform in operators of operator set 13: the outputs of one kind together, then all in their order.</summary>
internal static class OnnxFeatures
{
    private const int FloatElement = 1;

    /// <summary>The name of the transformed features.</summary>
    /// <param name="onnx">The graph being written.</param>
    /// <param name="node">A FeatureTransform of a table, [n, features].</param>
    /// <param name="input">The name of its input.</param>
    internal static string Transform(OnnxGraphBuilder onnx, Node node, string input)
    {
        IReadOnlyList<FeatureColumn> columns = FeatureTransformPlan.Of(node).Columns;
        var parts = new List<string>();
        var order = new List<int>();
        foreach (IGrouping<FeatureKind, int> group in Enumerable.Range(0, columns.Count).GroupBy(i => columns[i].Kind).OrderBy(group => group.Key))
        {
            FeatureColumn[] same = [.. group.Select(i => columns[i])];
            string v = onnx.Node("Gather", [input, onnx.Integers([.. same.Select(column => column.Source)])], ("axis", 1));
            parts.Add(group.Key switch
            {
                FeatureKind.PiecewiseLinear => Lines(onnx, same, v),
                FeatureKind.Equal => Number(onnx, onnx.Node("Equal", [v, Row(onnx, same, column => column.X[0])])),
                FeatureKind.Missing => Number(onnx, onnx.Node("IsNaN", [v])),
                FeatureKind.Unknown => Unknown(onnx, same, v),
                _ => Bins(onnx, same, v),
            });
            order.AddRange(group);
        }

        string all = parts.Count == 1 ? parts[0] : onnx.Node("Concat", [.. parts], ("axis", 1));
        int[] places = [.. Enumerable.Range(0, order.Count).OrderBy(i => order[i])];
        return places.SequenceEqual(Enumerable.Range(0, places.Length)) ? all : onnx.Node("Gather", [all, onnx.Integers(places)], ("axis", 1));
    }

    // The last segment whose knot is at or below v, as a chain of choices. Where a line has fewer segments than another, none follows.
    private static string Lines(OnnxGraphBuilder onnx, FeatureColumn[] columns, string v)
    {
        string within = onnx.Node("Min", [v, Row(onnx, columns, column => column.X.Length == 1 ? float.PositiveInfinity : column.X[^1])]);
        within = onnx.Node("Max", [within, Row(onnx, columns, column => column.X.Length == 1 ? float.NegativeInfinity : column.X[0])]);
        string y = "";
        for (int segment = 0; segment < columns.Max(column => column.Heights.Length); segment++)
        {
            int k = segment;
            string distance = onnx.Node("Sub", [within, Row(onnx, columns, column => At(column, column.X, k))]);
            string rise = onnx.Node("Mul", [distance, Row(onnx, columns, column => At(column, column.Slopes, k))]);
            string line = onnx.Node("Add", [rise, Row(onnx, columns, column => At(column, column.Heights, k))]);
            y = k == 0 ? line : onnx.Node("Where", [onnx.Node("GreaterOrEqual", [within, Row(onnx, columns, column => At(column, column.X, k))]), line, y]);
        }

        return onnx.Node("Where", [onnx.Node("IsNaN", [v]), Row(onnx, columns, column => column.Fill), y]);
    }

    // A segment again where there is none of that number: chosen or not, it gives the same.
    private static float At(FeatureColumn column, float[] values, int segment) => values[Math.Min(segment, column.Heights.Length - 1)];

    private static string Unknown(OnnxGraphBuilder onnx, FeatureColumn[] columns, string v)
    {
        string low = onnx.Node("GreaterOrEqual", [v, onnx.Scalar(0f)]);
        string high = onnx.Node("Less", [v, Row(onnx, columns, column => column.Codes)]);
        string whole = onnx.Node("Equal", [v, onnx.Node("Floor", [v])]);
        string known = onnx.Node("And", [onnx.Node("And", [low, high]), whole]);
        return Number(onnx, onnx.Node("Not", [onnx.Node("Or", [known, onnx.Node("IsNaN", [v])])]));
    }

    private static string Bins(OnnxGraphBuilder onnx, FeatureColumn[] columns, string v)
    {
        string[] bins = [.. columns.Select((column, i) =>
        {
            string one = columns.Length == 1 ? v : onnx.Node("Gather", [v, onnx.Integers(i)], ("axis", 1));
            string passed = Number(onnx, onnx.Node("GreaterOrEqual", [one, onnx.Constant(column.X, column.X.Length)]));
            return onnx.Node("ReduceSum", [passed, onnx.Integers(1)], ("keepdims", 1));
        })];
        return bins.Length == 1 ? bins[0] : onnx.Node("Concat", bins, ("axis", 1));
    }

    private static string Number(OnnxGraphBuilder onnx, string truth) => onnx.Node("Cast", [truth], ("to", FloatElement));

    private static string Row(OnnxGraphBuilder onnx, FeatureColumn[] columns, Func<FeatureColumn, float> value) => onnx.Constant([.. columns.Select(value)], columns.Length);
}
