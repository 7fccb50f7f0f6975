namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>
/// Lays trees out one after another. The two nodes below a split and the four below those lie in one cache line, a root with
/// what is two steps below it in another: half as many lines are read as there are steps.
/// </summary>
internal unsafe ref struct WalkLayout
{
    // Pairs of nodes in a cache line.
    private const int LinePairs = 4;

    private readonly WalkSource source;
    private readonly WalkNode* nodes;
    private readonly ushort leafSlot;

    // Splits whose node is known, and what is below them not yet.
    private readonly Stack<(int Split, int Node, int Depth)> open = new();
    private int firstSplit;
    private int firstLeaf;
    private int pairs;
    private int depth;

    /// <summary>A layout from a cache line on, or to nowhere, to count its nodes.</summary>
    internal WalkLayout(in WalkSource source, WalkNode* nodes)
    {
        this.source = source;
        this.nodes = nodes;
        leafSlot = (ushort)TreeRow.LeafSlot(source.Features, source.HasMissingFirst);
    }

    /// <summary>Nodes so far.</summary>
    internal readonly int Nodes => 2 * pairs;

    /// <summary>Lays the next tree out.</summary>
    internal WalkRoot Tree(int tree)
    {
        MakeRoom(LinePairs);
        int root = (2 * pairs++) + 1;
        depth = 1;
        open.Push((firstSplit, root, 1));
        while (open.TryPop(out (int Split, int Node, int Depth) next))
        {
            int first = source.Child(next.Split, 0);
            int second = source.Child(next.Split, 1);
            MakeRoom(1 + (first < 0 ? 0 : 1) + (second < 0 ? 0 : 1));
            Split(next, isLine: false);
        }

        firstSplit += source.SplitsOf(tree);
        firstLeaf += source.LeavesOf(tree);
        return new WalkRoot { Node = nodes + root, Depth = depth, Target = source.TargetOf(tree) };
    }

    /// <summary>A tree that ends at once, at a leaf that does not count.</summary>
    internal WalkRoot Nothing()
    {
        int node = 2 * pairs++;
        if (nodes != null)
        {
            nodes[node] = new WalkNode { Slot = leafSlot };
        }

        return new WalkRoot { Node = nodes + node };
    }

    // A split, the two below it, and what is below those too unless that is to begin a line of its own.
    private void Split((int Split, int Node, int Depth) at, bool isLine)
    {
        int pair = 2 * pairs++;
        depth = Math.Max(depth, at.Depth);
        var split = new WalkSplit(source.Mode(at.Split), source.Threshold(at.Split));
        if (nodes != null)
        {
            int feature = source.FeatureOf(at.Split);
            nodes[at.Node] = new WalkNode
            {
                Key = split.Limit,
                Slot = (ushort)(split.MissingIsFirst ? source.Features + feature : feature),
                Down = (ushort)(pair - at.Node),
            };
        }

        for (int i = 0; i < 2; i++)
        {
            int child = source.Child(at.Split, split.IsSwapped ? 1 - i : i);
            var below = (at.Split + 1 + child, pair + i, at.Depth + 1);
            if (child < 0)
            {
                Leaf(pair + i, child);
            }
            else if (isLine)
            {
                open.Push(below);
            }
            else
            {
                Split(below, isLine: true);
            }
        }
    }

    private readonly void Leaf(int node, int child)
    {
        if (nodes != null)
        {
            int leaf = firstLeaf - 1 - child;
            nodes[node] = new WalkNode { Key = source.WeightsInLeaves ? BitConverter.SingleToInt32Bits(source.LeafWeights[leaf]) : leaf, Slot = leafSlot };
        }
    }

    private void MakeRoom(int more)
    {
        if ((pairs % LinePairs) + more > LinePairs)
        {
            pairs += LinePairs - (pairs % LinePairs);
        }
    }
}
