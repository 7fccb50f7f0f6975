using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Lets the node before an activation apply it as it writes.</summary>
internal sealed class ActivationFusion : IGraphPass
{
    public string Name => "activation fusion";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node activation in graph.Nodes.ToArray())
        {
            if (activation.Opcode != Opcode.Activation || activation.Inputs.Count > 1 || !graph.HasOneConsumer(activation.Input(0), out _)
                || graph.Producer(activation.Input(0)) is not { } node || OperatorDefinitions.Of(node.Opcode) is not { IsLayer: true, ActivationPosition: { } position }
                || node.Parameters[position] != (int)ActivationKind.Linear)
            {
                continue;
            }

            activation.Parameters.AsSpan(ActivationRule.Kind, 3).CopyTo(node.Parameters.AsSpan(position));
            node.Outputs[0] = activation.Output;
            graph.Nodes.Remove(activation);
            changed = true;
        }

        return changed;
    }
}
