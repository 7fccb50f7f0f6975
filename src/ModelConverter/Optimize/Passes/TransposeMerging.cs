using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Optimize.Passes;

/// <summary>Makes one Transpose of two in a row, a Reshape of one that moves no element, and nothing of one that does nothing.</summary>
internal sealed class TransposeMerging : IGraphPass
{
    public string Name => "transpose merging";

    public bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Opcode != Opcode.Transpose)
            {
                continue;
            }

            int[] permutation = Permutation.Of(node);
            if (graph.Producer(node.Input(0)) is { Opcode: Opcode.Transpose } first)
            {
                int[] both = Permutation.Apply(permutation, Permutation.Of(first));
                Replace(graph, node, Permutation.Node(node.Name, first.Input(0), node.Output, both));
                changed = true;
            }
            else if (Permutation.KeepsOrder(permutation, node.Input(0).Shape))
            {
                Replace(graph, node, new Node(Opcode.Reshape, node.Name, [node.Input(0)], node.Output));
                changed = true;
            }
        }

        return changed;
    }

    private static void Replace(Graph graph, Node old, Node replacement) => graph.Nodes.Replace(old, replacement);
}
