using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Removes a Reshape to the same shape, an activation that is the identity, and the first of two Reshapes in a row.</summary>
internal sealed class ReshapeRemoval : IGraphPass
{
    public string Name => "identity and reshape removal";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (IsIdentity(node) && !graph.Outputs.Contains(node.Output))
            {
                graph.Replace(node.Output, node.Input(0));
                graph.Nodes.Remove(node);
                changed = true;
            }
            else if (node.Opcode == Opcode.Reshape && graph.Producer(node.Input(0)) is { Opcode: Opcode.Reshape } first)
            {
                node.Inputs[0] = first.Input(0);
                changed = true;
            }
        }

        return changed;
    }

    private static bool IsIdentity(Node node) => node.Opcode switch
    {
        Opcode.Reshape => node.Input(0).Shape.AsSpan().SequenceEqual(node.Output.Shape),
        Opcode.Activation => node.Parameters[EdgeInference.ModelFormat.Rules.ActivationRule.Kind] == (int)ActivationKind.Linear,
        _ => false,
    };
}
