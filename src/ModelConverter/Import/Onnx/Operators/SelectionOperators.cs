using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>The first few elements in order, by looking for one after the other.</summary>
internal static class SelectionOperators
{
    private const int MaxCount = 64;

    internal static readonly OnnxOperatorRow[] Rows = [new("TopK", TopK)];

    private static void TopK(OnnxNodeContext call)
    {
        call.Ignore("sorted");
        Value x = call.Input(0);
        int axis = call.Axis(call.Int("axis", -1), x.Shape.Length);
        long count = call.Opset < 10 ? call.Int("k") : (long)call.ScalarConstant(1);
        if (count < 1 || count > x.Shape[axis] || count > MaxCount)
        {
            throw call.Fault($"asks for {count} of {x.Shape[axis]} elements; at most {MaxCount} are supported");
        }

        GraphBuilder builder = call.Builder;
        bool smallest = !call.Flag("largest", true);
        int size = x.Shape[axis];
        int[] along = [size, .. x.Shape[(axis + 1)..].Select(_ => 1)];
        Value places = Value.Constant(builder.Name + ".places", [.. Enumerable.Range(0, size).Select(place => (float)place)], along);
        Value taken = builder.Scalar(smallest ? float.PositiveInfinity : float.NegativeInfinity);
        var values = new List<Value>();
        var indices = new List<Value>();
        for (int i = 0; i < count; i++)
        {
            x = i == 0 ? x : builder.Where(builder.Binary(BinaryKind.Equal, places, indices[^1]), taken, x);
            values.Add(builder.Reduce(smallest ? ReduceKind.Min : ReduceKind.Max, x, [axis]));
            indices.Add(builder.ArgReduce(x, axis, new ArgReduceSettings { Smallest = smallest, KeepDimensions = true }));
        }

        call.Output(0, builder.Concat(axis, [.. values]));
        call.Output(1, builder.Concat(axis, [.. indices]), OnnxElementType.Int64);
    }
}
