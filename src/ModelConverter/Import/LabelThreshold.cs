using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import;

/// <summary>The number that a label compares a score with.</summary>
internal static class LabelThreshold
{
    /// <summary>The lowest score that a comparison on the way from the score to the label takes for class 1; null if there is none.</summary>
    internal static float? Find(Graph graph, Value label, Value score)
    {
        Value source = Same(graph, score);
        var seen = new HashSet<Value>();
        var open = new Queue<Value>([label]);
        while (open.TryDequeue(out Value? value))
        {
            if (!seen.Add(value) || graph.Producer(value) is not { } node)
            {
                continue;
            }

            if (node.Opcode == Opcode.Binary && node.Input(0) is { IsConstant: true, Elements: 1, Data: float[] and [var threshold] } && Same(graph, node.Input(1)) == source)
            {
                switch ((BinaryKind)node.Parameters[BinaryRule.Kind])
                {
                    case BinaryKind.Less:
                        return MathF.BitIncrement(threshold);
                    case BinaryKind.LessOrEqual:
                        return threshold;
                    default:
                        break;
                }
            }

            foreach (Value input in node.Inputs.OfType<Value>().Where(input => !input.IsConstant))
            {
                open.Enqueue(input);
            }
        }

        return null;
    }

    // The tensor with the same elements that others read.
    private static Value Same(Graph graph, Value value)
    {
        while (graph.Producer(value) is { Opcode: Opcode.Reshape } node)
        {
            value = node.Input(0);
        }

        return value;
    }
}
