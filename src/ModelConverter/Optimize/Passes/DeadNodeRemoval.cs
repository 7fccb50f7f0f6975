using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Removes nodes whose outputs nobody reads.</summary>
internal sealed class DeadNodeRemoval : IGraphPass
{
    public string Name => "dead-node removal";

    public bool Run(Graph graph)
    {
        var alive = new HashSet<Value>(graph.Outputs);
        bool changed = false;
        foreach (Node node in graph.Nodes.Reverse().ToArray())
        {
            if (node.Outputs.Exists(output => alive.Contains(output) || output.IsState))
            {
                alive.UnionWith(node.Inputs.OfType<Value>());
            }
            else
            {
                graph.Nodes.Remove(node);
                changed = true;
            }
        }

        return changed;
    }
}
