namespace EdgeInference.ModelConverter.Trees;

/// <summary>
/// Decision trees as importers collect them, before <see cref="ForestPacker"/> lays them out. A node of four numbers holds its feature,
/// its comparison (0 to 5, and 8 where a missing value counts as true), and the nodes to go to when true and when false, both after it.
/// A leaf has feature −1, and in the place of the two nodes its first weight and its number of weights.
/// </summary>
/// <param name="Nodes">Four numbers for each node.</param>
/// <param name="Thresholds">One for each node; those of leaves mean nothing.</param>
/// <param name="Roots">The first node of each tree.</param>
/// <param name="LeafTargets">The target of each weight.</param>
/// <param name="LeafWeights">The weights of all leaves.</param>
internal sealed record TreeLists(IReadOnlyList<int> Nodes, IReadOnlyList<float> Thresholds, IReadOnlyList<int> Roots, IReadOnlyList<int> LeafTargets, IReadOnlyList<float> LeafWeights)
{
    internal const int NodeInts = 4;

    internal bool IsLeaf(int node) => Nodes[node * NodeInts] < 0;

    internal int Feature(int node) => Nodes[node * NodeInts];

    internal int Comparison(int node) => Nodes[(node * NodeInts) + 1];

    internal int WhenTrue(int node) => Nodes[(node * NodeInts) + 2];

    internal int WhenFalse(int node) => Nodes[(node * NodeInts) + 3];
}
