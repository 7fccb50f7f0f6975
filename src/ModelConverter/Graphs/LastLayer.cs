using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>The Dense layer that makes the logits of a graph's only output.</summary>
internal static class LastLayer
{
    /// <summary>The layer, or null where something else than a function of each logit or a softmax follows the last Dense.</summary>
    internal static Node? Of(Graph graph) => Of(graph, out _);

    /// <summary>The same.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="isSoftmax">Whether a softmax follows it.</param>
    internal static Node? Of(Graph graph, out bool isSoftmax)
    {
        isSoftmax = false;
        if (graph.Outputs is not [var value])
        {
            return null;
        }

        int elements = value.Elements;
        while (graph.Producer(value) is { } node && node.Output.Elements == elements)
        {
            switch (node.Opcode)
            {
                case Opcode.Dense:
                    return node;
                case Opcode.Dequantize or Opcode.Quantize or Opcode.Table or Opcode.Softmax or Opcode.Reshape or Opcode.Activation or Opcode.Mul or Opcode.Sub:
                    isSoftmax |= node.Opcode == Opcode.Softmax;
                    value = node.Inputs.First(input => input is { IsConstant: false })!;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }
}
