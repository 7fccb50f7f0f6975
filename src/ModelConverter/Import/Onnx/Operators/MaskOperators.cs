using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Operators that are a comparison with constant positions, or a selection by constant ones.</summary>
internal static class MaskOperators
{
    // A short running sum is a product with a triangle of ones, which has forms in integers and in code.
    private const int MostOfTriangle = 1024;

    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Trilu", Trilu),
        new("CumSum", CumSum),
        new("OneHot", OneHot),
        new("Hardmax", call => call.Output(ActivationOperators.OverAxis(call, x => Hardmax(call, x)))),
        new("GatherElements", GatherElements),
    ];

    private static void Trilu(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        if (x.Shape.Length < 2)
        {
            throw call.Fault($"takes a triangle of {GraphBuilder.Text(x.Shape)}, which is not a matrix");
        }

        float diagonal = call.Has(1) ? call.ScalarConstant(1) : 0f;
        bool upper = call.Flag("upper", true);
        int columns = x.Shape[^1];
        float[] kept = [.. Enumerable.Range(0, x.Shape[^2] * columns).Select(i => upper ? i % columns >= (i / columns) + diagonal : i % columns <= (i / columns) + diagonal).Select(one => one ? 1f : 0f)];
        call.Output(call.Builder.Where(Value.Constant(call.Builder.Name + ".triangle", kept, x.Shape[^2], columns), x, call.Builder.Scalar(0)));
    }

    private static void CumSum(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        int axis = call.Axis((long)call.ScalarConstant(1), x.Shape.Length);
        int size = x.Shape[axis];
        bool exclusive = call.Flag("exclusive");
        bool reverse = call.Flag("reverse");
        if (size > MostOfTriangle)
        {
            call.Output(call.Builder.Add(Opcode.CumSum, [x], x.Shape, node => node
                .With(CumSumRule.Axis, axis).With(CumSumRule.Exclusive, exclusive ? 1 : 0).With(CumSumRule.Reverse, reverse ? 1 : 0)));
            return;
        }

        // Row i has ones for what the i-th sum is of.
        float[] triangle = [.. Enumerable.Range(0, size * size).Select(i => (Row: i / size, Column: i % size))
            .Select(place => (reverse ? place.Column - place.Row : place.Row - place.Column) >= (exclusive ? 1 : 0) ? 1f : 0f)];
        int[] swap = [.. Enumerable.Range(0, x.Shape.Length)];
        (swap[axis], swap[^1]) = (swap[^1], swap[axis]);
        Value sums = call.Builder.Dense(call.Builder.Transpose(x, swap), Value.Constant(call.Builder.Name + ".triangle", triangle, size, size), null);
        call.Output(call.Builder.Transpose(sums, swap));
    }

    private static void OneHot(OnnxNodeContext call)
    {
        GraphBuilder builder = call.Builder;
        OnnxOperand indices = call.Operand(0);
        float depth = call.ScalarConstant(1);
        float[] values = call.Constants(2);
        if (!(depth is >= 1f and <= 1 << 20) || values.Length != 2)
        {
            throw call.Fault($"has a depth of {depth} and {values.Length} values; expected 1 to 2^20 and two");
        }

        int axis = call.Axis(call.Int("axis", -1), indices.Rank + 1);
        int[] shape = [.. indices.Shape[..axis], 1, .. indices.Shape[axis..]];
        Value index = builder.Reshape(indices.Value, shape);

        // Indices below zero count from the end.
        Value negative = builder.Binary(BinaryKind.Less, index, builder.Scalar(0));
        index = builder.Where(negative, builder.Arithmetic(Opcode.Add, index, builder.Scalar(depth)), index);
        Value hit = builder.Binary(BinaryKind.Equal, index, Places(builder, (int)depth, indices.Rank - axis));
        call.Output(builder.Where(hit, builder.Scalar(values[1]), builder.Scalar(values[0])), call.InputType(2));
    }

    private static Value Hardmax(OnnxNodeContext call, Value x)
    {
        GraphBuilder builder = call.Builder;
        Value first = builder.ArgReduce(x, x.Shape.Length - 1, new ArgReduceSettings { KeepDimensions = true });
        return builder.Binary(BinaryKind.Equal, first, Places(builder, x.LastDimension, 0));
    }

    // With constant indices each element of the result has a constant place in x.
    private static void GatherElements(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        float[] indices = call.Constants(1);
        int[] shape = call.Operand(1).Shape;
        int axis = call.Axis(call.Int("axis", 0), x.Shape.Length);
        if (shape.Length != x.Shape.Length || shape.Where((size, i) => i != axis && size > x.Shape[i]).Any() || x.Elements > 1 << 24)
        {
            throw call.Fault($"takes elements of {GraphBuilder.Text(x.Shape)} by indices of {GraphBuilder.Text(shape)}");
        }

        var places = new float[indices.Length];
        for (int i = 0; i < places.Length; i++)
        {
            int place = 0;
            int stride = 1;
            for (int k = shape.Length - 1, rest = i; k >= 0; k--)
            {
                int own = rest % shape[k];
                place += stride * (k == axis ? call.Axis((long)indices[i], x.Shape[axis]) : own);
                stride *= x.Shape[k];
                rest /= shape[k];
            }

            places[i] = place;
        }

        call.Output(call.Builder.Gather(call.Builder.Reshape(x, x.Elements), Value.Constant(call.Builder.Name + ".places", places, shape), 0));
    }

    private static Value Places(GraphBuilder builder, int count, int axesBehind) => Value.Constant(
        builder.Name + ".places", [.. Enumerable.Range(0, count).Select(place => (float)place)], [count, .. Enumerable.Repeat(1, axesBehind)]);
}
