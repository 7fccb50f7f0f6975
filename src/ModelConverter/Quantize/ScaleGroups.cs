using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// Tensors that should have one scale because an operator between them moves elements without computing: the parts and the
/// whole of a Concat, what a pooling or a Reshape reads and writes. A group's range is that of the tensors that are computed.
/// </summary>
internal sealed class ScaleGroups
{
    private readonly Dictionary<Value, Value> parents = [];
    private readonly Dictionary<Value, List<Value>> members = [];

    internal ScaleGroups(Graph graph)
    {
        var moved = new HashSet<Value>();
        foreach (Node node in graph.Nodes.Where(node => OperatorDefinitions.Of(node.Opcode).KeepsScale))
        {
            moved.Add(node.Output);
            foreach (Value input in node.Inputs.OfType<Value>().Where(input => !input.IsConstant))
            {
                parents[Root(input)] = Root(node.Output);
            }
        }

        foreach (Value value in graph.Inputs.Concat(graph.Nodes.SelectMany(node => node.Outputs)).Where(value => !moved.Contains(value)))
        {
            Value root = Root(value);
            if (!members.TryGetValue(root, out List<Value>? group))
            {
                members.Add(root, group = []);
            }

            group.Add(value);
        }
    }

    /// <summary>The computed tensors of a tensor's group, which decide its range.</summary>
    internal IReadOnlyList<Value> Of(Value value) => members.GetValueOrDefault(Root(value)) ?? [value];

    private Value Root(Value value)
    {
        while (parents.TryGetValue(value, out Value? parent) && parent != value)
        {
            value = parent;
        }

        return value;
    }
}
