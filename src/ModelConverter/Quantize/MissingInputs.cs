using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>Which tensors of a graph may hold NaN for a value that is missing: the inputs, where the model defines what that means, and what only moves their elements.</summary>
internal sealed class MissingInputs
{
    private readonly HashSet<Value> values = [];

    /// <summary>Finds them.</summary>
    internal MissingInputs(Graph graph)
    {
        if (!graph.Metadata.AcceptsMissing)
        {
            return;
        }

        values.UnionWith(graph.Inputs);
        foreach (Node node in graph.Nodes.Where(node => Moves(node.Opcode) && node.Inputs.Any(MayHold)))
        {
            values.UnionWith(node.Outputs);
        }
    }

    /// <summary>Whether a tensor may hold NaN.</summary>
    internal bool MayHold(Value? value) => value is not null && values.Contains(value);

    private static bool Moves(Opcode opcode) => opcode is Opcode.Reshape or Opcode.Transpose or Opcode.Slice or Opcode.Expand or Opcode.Concat or Opcode.Pad or Opcode.Gather;
}
