namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>One tree as it is emitted: equal subtrees are one node, and what is decided beforehand is none.</summary>
internal sealed class TreeGraph
{
    private readonly List<TreeNode> nodes = [];
    private readonly Dictionary<TreeNode, int> known = [];

    /// <summary>The nodes; children come before their parents.</summary>
    internal IReadOnlyList<TreeNode> Nodes => nodes;

    /// <summary>Where the walk begins.</summary>
    internal int Root { get; private set; }

    /// <summary>Builds a tree.</summary>
    /// <param name="forest">The forest.</param>
    /// <param name="tree">The tree in it.</param>
    /// <param name="constant">What the code says for a leaf; leaves with the same constant are one.</param>
    /// <param name="add">Adds a split to a graph: split of the forest, node where it holds and where not; gives the node.</param>
    internal static TreeGraph Of(ForestRecord forest, ForestTree tree, Func<int, LeafConstant> constant, Func<TreeGraph, int, int, int, int> add)
    {
        var graph = new TreeGraph();
        var made = new int[tree.Splits];
        for (int i = tree.Splits - 1; i >= 0; i--)
        {
            int split = tree.FirstSplit + i;
            made[i] = add(graph, split, Child(2 * split), Child((2 * split) + 1));

            int Child(int at)
            {
                int child = forest.Children[at];
                return child < 0 ? graph.Add(TreeNode.OfLeaf(constant(-1 - child))) : made[i + 1 + child];
            }
        }

        graph.Root = made[0];
        return graph;
    }

    /// <summary>A split; its node, or that of both sides where they are the same.</summary>
    internal int Split(int feature, TreeTest test, double threshold, int whenTrue, int whenFalse) =>
        whenTrue == whenFalse ? whenTrue : Add(new TreeNode(feature, test, threshold, whenTrue, whenFalse, default));

    /// <summary>How often a row comes to each node, where every test holds as often as not.</summary>
    internal double[] Visits()
    {
        double[] visits = new double[nodes.Count];
        visits[Root] = 1;
        for (int node = Root; node >= 0; node--)
        {
            if (!nodes[node].IsLeaf)
            {
                visits[nodes[node].WhenTrue] += visits[node] / 2;
                visits[nodes[node].WhenFalse] += visits[node] / 2;
            }
        }

        return visits;
    }

    private int Add(TreeNode node)
    {
        if (!known.TryGetValue(node, out int number))
        {
            number = nodes.Count;
            known.Add(node, number);
            nodes.Add(node);
        }

        return number;
    }
}

/// <summary>A split or a leaf.</summary>
/// <param name="Feature">The feature that is compared; −1 for a leaf.</param>
/// <param name="Test">How.</param>
/// <param name="Threshold">With what: a float32 or an int.</param>
/// <param name="WhenTrue">The node where the test holds.</param>
/// <param name="WhenFalse">The node where not.</param>
/// <param name="Leaf">What a leaf says.</param>
internal readonly record struct TreeNode(int Feature, TreeTest Test, double Threshold, int WhenTrue, int WhenFalse, LeafConstant Leaf)
{
    internal bool IsLeaf => Feature < 0;

    internal static TreeNode OfLeaf(LeafConstant leaf) => new(-1, default, 0, -1, -1, leaf);
}

/// <summary>What the code says for a leaf.</summary>
/// <param name="Text">The constant in C#.</param>
/// <param name="Bytes">Bytes of IL that load it.</param>
internal readonly record struct LeafConstant(string Text, int Bytes)
{
    internal static LeafConstant Of(int value) => new(Literal.Of(value), IntegerBytes(value));

    internal static LeafConstant Of(long value) => new(Literal.Of(value), value is >= int.MinValue and <= int.MaxValue ? IntegerBytes((int)value) + 1 : 9);

    internal static LeafConstant Of(float value) => new(Literal.Of(value), 5);

    internal static int IntegerBytes(int value) => value is >= -1 and <= 8 ? 1 : value is >= sbyte.MinValue and <= sbyte.MaxValue ? 2 : 5;
}
