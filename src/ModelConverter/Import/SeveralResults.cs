using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import;

/// <summary>An output that holds more than one result: the classes of each time step, or of each pixel.</summary>
internal static class SeveralResults
{
    /// <summary>Makes an output that holds several results a value, which does not decide, and says so.</summary>
    /// <param name="graph">The graph as it will run, whose roles are settled.</param>
    /// <returns>What is to be said, or null if the output holds one result.</returns>
    internal static string? Settle(Graph graph)
    {
        if (graph.Metadata.OutputRoles is not [OutputRole.Probability] || Softmax(graph, graph.Outputs[0]) is not { } softmax || (softmax.Elements == softmax.LastDimension && softmax.LastDimension > 1))
        {
            return null;
        }

        if (softmax.LastDimension == 1)
        {
            graph.Metadata = graph.Metadata with { OutputRoles = [OutputRole.Value], Head = DecisionHead.None, Threshold = null, Labels = [] };
            return $"The softmax at the end of '{graph.Outputs[0].Name}' runs along an axis of one value, so every result is 1. The model can be run; to make decisions, export it with the softmax along its classes.";
        }

        graph.Metadata = graph.Metadata with { OutputRoles = [OutputRole.Value], Head = DecisionHead.None, Threshold = null, Labels = [] };
        return $"The output '{graph.Outputs[0].Name}' holds {softmax.Elements / softmax.LastDimension} results of {softmax.LastDimension} classes each, but an inference makes one decision. The model can be run; to make decisions, keep one result with --outputs, or one frame per call with --streaming.";
    }

    /// <summary>Whether an output has several axes that could be those of the classes.</summary>
    internal static bool HasAxes(Value output) => output.Shape.Count(size => size > 1) > 1;

    /// <summary>Refuses to say what a result is where an output holds several.</summary>
    /// <exception cref="InputException">The output has more than one dimension above 1.</exception>
    internal static void Refuse(Value output, string head)
    {
        if (HasAxes(output))
        {
            throw new InputException($"--head {head} defines one result but the output '{output.Name}' of shape [{string.Join(", ", output.Shape)}] holds several; keep one with --outputs, or one frame per call with --streaming.");
        }
    }

    private static Value? Softmax(Graph graph, Value output)
    {
        for (Value value = output; graph.Producer(value) is { } node;)
        {
            switch (node.Opcode)
            {
                case Opcode.Softmax or Opcode.LogSoftmax:
                    return node.Output;
                case Opcode.Reshape or Opcode.Transpose or Opcode.Quantize or Opcode.Dequantize:
                    value = node.Input(0);
                    continue;
                default:
                    return null;
            }
        }

        return null;
    }
}
