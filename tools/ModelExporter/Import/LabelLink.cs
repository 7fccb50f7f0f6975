using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Import;

/// <summary>How a label output comes from another output: what the label takes for the class says what the other output means.</summary>
/// <param name="Threshold">The number from above which the other output stands for class 1; null where the highest decides.</param>
/// <param name="Classes">The classes as numbers, in the order of the other output's values; null where they are counted.</param>
internal sealed record LabelLink(float? Threshold, float[]? Classes)
{
    /// <summary>Finds the comparison or the maximum over an output that gives a label.</summary>
    /// <param name="label">The label.</param>
    /// <param name="other">The output that may decide.</param>
    /// <param name="producers">The node of each value.</param>
    /// <returns>The link; null where the label does not come from that output.</returns>
    internal static LabelLink? Find(Value label, Value other, IReadOnlyDictionary<Value, Node> producers)
    {
        Value source = Same(other, producers);
        float[]? classes = null;
        var seen = new HashSet<Value>();
        var open = new Queue<Value>([label]);
        while (open.TryDequeue(out Value? value))
        {
            if (!seen.Add(value) || !producers.TryGetValue(value, out Node? node))
            {
                continue;
            }

            switch (node.Opcode)
            {
                case Opcode.ArgReduce when node.Parameters[ArgReduceRule.Smallest] == 0 && Same(node.Input(0), producers) == source:
                    return new LabelLink(null, classes);
                case Opcode.Binary when (BinaryKind)node.Parameters[BinaryRule.Kind] is BinaryKind.Less or BinaryKind.LessOrEqual
                    && node.Input(0) is { IsConstant: true, Elements: 1, Data: float[] and [var threshold] } && Same(node.Input(1), producers) == source:
                    return new LabelLink(threshold, classes);
                case Opcode.Gather when node.Input(0) is { Data: float[] numbers }:
                    classes = numbers;
                    break;
                default:
                    break;
            }

            foreach (Value input in node.Inputs.OfType<Value>().Where(input => !input.IsConstant))
            {
                open.Enqueue(input);
            }
        }

        return null;
    }

    // The tensor with the same elements that others read.
    private static Value Same(Value value, IReadOnlyDictionary<Value, Node> producers)
    {
        while (producers.TryGetValue(value, out Node? node) && node.Opcode == Opcode.Reshape)
        {
            value = node.Input(0);
        }

        return value;
    }
}
