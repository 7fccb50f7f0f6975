using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>The layers of a prepared graph: a node with weights and the nodes after it, up to the next with weights.</summary>
internal sealed class LayerGroups
{
    private readonly Dictionary<Node, int> groupOf = [];

    /// <summary>Splits a graph.</summary>
    public LayerGroups(Graph graph)
    {
        var layers = new List<LayerGroup>();
        foreach (Node node in graph.Nodes)
        {
            bool hasWeights = node.Inputs.Skip(1).Any(input => input is { IsConstant: true, Type: TensorType.Float32 } && input.Shape.Length >= 2);
            if (hasWeights || layers.Count == 0)
            {
                layers.Add(new LayerGroup(node.Name, [], 0, 0));
            }

            groupOf.Add(node, layers.Count - 1);
            LayerGroup layer = layers[^1];
            int weights = hasWeights ? node.Inputs.Skip(1).Where(input => input is { IsConstant: true }).Max(input => input!.Elements) : 0;
            layers[^1] = layer with
            {
                Nodes = [.. layer.Nodes, node],
                Weights = layer.Weights + weights,
                MultiplyAccumulates = layer.MultiplyAccumulates + (hasWeights ? (long)node.Output.Elements * weights / node.Output.LastDimension : 0),
            };
        }

        Layers = layers;
    }

    /// <summary>The layers in the order of execution.</summary>
    public IReadOnlyList<LayerGroup> Layers { get; }

    /// <summary>The index of the layer that a node belongs to.</summary>
    public int IndexOf(Node node) => groupOf[node];
}

/// <summary>One layer.</summary>
/// <param name="Name">The name of its first node.</param>
/// <param name="Nodes">Its nodes.</param>
/// <param name="Weights">Number of weights.</param>
/// <param name="MultiplyAccumulates">Products that one inference adds up in it.</param>
internal sealed record LayerGroup(string Name, IReadOnlyList<Node> Nodes, int Weights, long MultiplyAccumulates);
