using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite.Tables;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>
/// MAXIMUM and MINIMUM, broadcast. Quantized ones compare the integers of one scale: a table where one side is a single
/// constant, else both sides one behind the other on their own axis, over which Reduce takes the extremum.
/// </summary>
internal static class ExtremumConverter
{
    internal static void Maximum(TfliteNodeContext source) => Convert(source, BinaryKind.Max, ReduceKind.Max, Math.Max);

    internal static void Minimum(TfliteNodeContext source) => Convert(source, BinaryKind.Min, ReduceKind.Min, Math.Min);

    private static void Convert(TfliteNodeContext source, BinaryKind real, ReduceKind kind, Func<int, int, int> function)
    {
        Value a = source.Input(0);
        Value b = source.Input(1);
        if (a.Type is not (TensorType.Int8 or TensorType.Int16))
        {
            UnaryConverter.Of(real)(source);
            return;
        }

        Value output = source.Output();
        if (b.Type != a.Type || output.Type != a.Type || output.Shape.Length >= FormatLayout.MaxRank)
        {
            throw TfliteNodeContext.Unsupported($"makes {output} of {a} and {b}; two tensors of one type and at most {FormatLayout.MaxRank - 1} dimensions are supported");
        }

        MovementConverter.SameScale(a, b, output);
        Value constant = b.IsConstant ? b : a;
        Value other = b.IsConstant ? a : b;
        if (constant is { IsConstant: true, Elements: 1 } && other.Shape.AsSpan().SequenceEqual(output.Shape))
        {
            int bound = constant.Data is sbyte[] small ? small[0] : ((short[])constant.Data!)[0];
            UnaryTable.Add(source, other, output, x => function(x, bound));
            return;
        }

        int[] stacked = [2, .. output.Shape];
        var both = new Value(output.Name + ".both", output.Type, stacked) { Quantization = output.Quantization };
        source.Add(Opcode.Concat, [Side(source, a, output), Side(source, b, output)], both);
        source.Add(Opcode.Reduce, [both], output).With(ReduceRule.Kind, (int)kind).With(ReduceRule.Axes, 1);
    }

    // One side in the output's shape, behind an axis of one.
    private static Value Side(TfliteNodeContext source, Value value, Value output)
    {
        int[] shape = [.. Enumerable.Repeat(1, output.Shape.Length - value.Shape.Length + 1), .. value.Shape];
        Value side = MovementConverter.Reshaped(source, value, shape);
        int[] whole = [1, .. output.Shape];
        if (shape.AsSpan().SequenceEqual(whole))
        {
            return side;
        }

        var expanded = new Value(side.Name + ".expanded", side.Type, whole) { Quantization = side.Quantization };
        source.Add(Opcode.Expand, [side], expanded);
        return expanded;
    }
}
