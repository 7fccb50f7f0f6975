using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Finds the sigmoid or softmax at the end of an output.</summary>
internal static class OutputHead
{
    /// <summary>The function behind which nothing but shapes, scales and a normalization change.</summary>
    internal static DecisionHead Of(Graph graph, Value output)
    {
        while (graph.Producer(output) is { } node)
        {
            if (graph.Hints.TryGetValue(output, out OutputHint? hint) && hint.Loss is null)
            {
                if (hint.Same is not { } same)
                {
                    return hint.Head;
                }

                output = same;
                continue;
            }

            switch (node.Opcode)
            {
                case Opcode.Softmax or Opcode.LogSoftmax:
                    return DecisionHead.Softmax;
                case Opcode.Activation when IsSigmoid(node.Parameters[ActivationRule.Kind]):
                case Opcode.Dense or Opcode.Conv when output.Type == TensorType.Float32 && IsSigmoid(node.Parameters[DenseRule.Activation]):
                    return DecisionHead.Sigmoid;
                case Opcode.Reshape or Opcode.Transpose or Opcode.Expand or Opcode.Quantize or Opcode.Dequantize or Opcode.Div:
                    output = node.Input(0);
                    continue;
                case Opcode.Unary when (UnaryKind)node.Parameters[UnaryRule.Kind] == UnaryKind.Clip:
                    output = node.Input(0);
                    continue;
                case Opcode.Binary when (BinaryKind)node.Parameters[BinaryRule.Kind] is BinaryKind.Max or BinaryKind.Min:
                    output = node.Input(0).IsConstant ? node.Input(1) : node.Input(0);
                    continue;
                case Opcode.Sub when node.Input(0).IsConstant:
                    output = node.Input(1);
                    continue;
                case Opcode.Concat:
                    output = node.Input(node.Inputs.Count - 1);
                    continue;
                default:
                    return DecisionHead.None;
            }
        }

        return DecisionHead.None;
    }

    /// <summary>Whether an activation is a sigmoid, or the piecewise linear one.</summary>
    internal static bool IsSigmoid(int kind) => (ActivationKind)kind is ActivationKind.Sigmoid or ActivationKind.HardSigmoid;
}
