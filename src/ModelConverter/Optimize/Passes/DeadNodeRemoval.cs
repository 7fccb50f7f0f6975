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
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            Node node = graph.Nodes[i];
            if (node.Outputs.Exists(output => alive.Contains(output) || output.IsState))
            {
                alive.UnionWith(node.Inputs.OfType<Value>());
            }
            else
            {
                graph.Nodes.RemoveAt(i);
                changed = true;
            }
        }

        return changed;
    }
}
