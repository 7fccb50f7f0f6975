using System.Text;
using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>FeatureTransform: an expression for each output, with the operations of the kernels in their order.</summary>
internal static class FeatureTransformEmitter
{
    // A comparison with a constant, and a segment, in bytes of IL.
    private const int ComparisonBytes = 14;
    private const int SegmentBytes = 24;
    private const int BaseBytes = 80;

    internal static void Emit(EmitContext context, OperatorRecord record)
    {
        IReadOnlyList<FeatureColumn> columns = FeatureTransformPlan.Of(record).Columns;
        int features = record.Inputs[0].LastDimension;
        for (int i = 0; i < record.Outputs[0].Elements; i++)
        {
            FeatureColumn column = columns[i % columns.Count];
            int size = BaseBytes + (column.X.Length * (ComparisonBytes + SegmentBytes));
            context.Room(size, 5);
            string x = context.Read(record.Inputs[0], (i / columns.Count * features) + column.Source);
            if (column.Kind != FeatureKind.Equal)
            {
                // Another name, since a compiler warns of x != x, the test for NaN.
                context.Add($"{context.Declare("float", "m")}m = {x};", 2, 4);
            }

            if (column.Kind == FeatureKind.PiecewiseLinear && column.X.Length > 1)
            {
                context.Add($"{context.Declare("float", "f")}f = {x} < {Literal.Of(column.X[0])} ? {Literal.Of(column.X[0])} : {Literal.Of(column.X[^1])} < {x} ? {Literal.Of(column.X[^1])} : {x};", 9, 2 * ComparisonBytes);
            }

            context.Write(record.Outputs[0], i, Expression(column, x), 10 + (2 * column.X.Length), size);
        }
    }

    private static string Expression(FeatureColumn column, string x) => column.Kind switch
    {
        FeatureKind.Equal => $"{x} == {Literal.Of(column.X[0])} ? 1f : 0f",
        FeatureKind.Missing => $"m != {x} ? 1f : 0f",
        FeatureKind.Unknown => $"m != {x} || (0f <= {x} && {x} < {Literal.Of((float)column.Codes)} && {x} == (int){x}) ? 0f : 1f",
        FeatureKind.Bin => $"m != {x} ? 0f : {Chain(x, column.X, i => Literal.Of((float)i))}",
        _ when column.X.Length == 1 => $"m != {x} ? {Literal.Of(column.Fill)} : {Segment(column, 0, x)}",
        _ => $"m != {x} ? {Literal.Of(column.Fill)} : {Chain("f", column.X[1..^1], i => Segment(column, i, "f"))}",
    };

    private static string Segment(FeatureColumn column, int i, string v) =>
        $"{Literal.Of(column.Heights[i])} + ({v} - {Literal.Of(column.X[i])}) * {Literal.Of(column.Slopes[i])}";

    // What belongs to the number of bounds that are at or below v.
    private static string Chain(string v, float[] bounds, Func<int, string> part)
    {
        var text = new StringBuilder();
        for (int i = 0; i < bounds.Length; i++)
        {
            text.Append($"{v} < {Literal.Of(bounds[i])} ? {part(i)} : ");
        }

        return text.Append(part(bounds.Length)).ToString();
    }
}
