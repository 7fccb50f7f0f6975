namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>
/// All trees laid out for walks of <see cref="TreeWalks.Together"/> at once: first the <see cref="WalkRoot"/> of each tree, rounded up
/// with trees that end at once, then the nodes. A leaf's key is the place of its first weight, or its one weight's bits.
/// </summary>
internal static unsafe class WalkForest
{
    // Nodes that a step can lead over, of which up to three in eight are gaps.
    private const int MostSplitsOfTree = (ushort.MaxValue * 5 / 16) - 4;

    /// <summary>Whether trees can be laid out so: comparisons of order, and no split that two others lead to.</summary>
    internal static bool TryPrepare(ref WalkSource source)
    {
        bool missingIsFirst = false;
        var isReached = new bool[source.Splits];
        int first = 0;
        for (int tree = 0; tree < source.Trees; tree++)
        {
            int end = first + source.SplitsOf(tree);
            if (end - first > MostSplitsOfTree)
            {
                return false;
            }

            for (; first < end; first++)
            {
                int mode = source.Mode(first);
                if (!WalkSplit.IsOrder(mode) || !TryReach(source.Child(first, 0), first, isReached) || !TryReach(source.Child(first, 1), first, isReached))
                {
                    return false;
                }

                missingIsFirst |= new WalkSplit(mode, 0).MissingIsFirst;
            }
        }

        source.HasMissingFirst = missingIsFirst;
        return TreeRow.LeafSlot(source.Features, source.HasMissingFirst) <= ushort.MaxValue;
    }

    /// <summary>The roots of the trees, which nodes follow. Shared by all sessions.</summary>
    internal static WalkRoot* Bind(in BindContext context, WalkSource source)
    {
        int nodes = LayOut(source, null);
        return (WalkRoot*)context.Shared(RootBytes(in source) + (nodes * (long)sizeof(WalkNode)), source, Fill, isForRunsOnly: true);
    }

    private static bool TryReach(int child, int split, bool[] isReached)
    {
        if (child < 0)
        {
            return true;
        }

        int to = split + 1 + child;
        bool isNew = !isReached[to];
        isReached[to] = true;
        return isNew;
    }

    private static long RootBytes(in WalkSource source) => Rounded(source.Trees) * (long)sizeof(WalkRoot);

    private static int Rounded(int trees) => (trees + TreeWalks.Together - 1) / TreeWalks.Together * TreeWalks.Together;

    private static void Fill(byte* destination, WalkSource source) => LayOut(source, destination);

    // Counts the nodes where there is no destination.
    private static int LayOut(WalkSource source, byte* destination)
    {
        var roots = (WalkRoot*)destination;
        var layout = new WalkLayout(in source, roots == null ? null : (WalkNode*)(destination + RootBytes(in source)));
        int rounded = Rounded(source.Trees);
        for (int tree = 0; tree < rounded; tree++)
        {
            WalkRoot root = tree < source.Trees ? layout.Tree(tree) : layout.Nothing();
            if (roots != null)
            {
                roots[tree] = root;
                WalkRoot* first = roots + (tree / TreeWalks.Together * TreeWalks.Together);
                first->Depth = Math.Max(first->Depth, root.Depth);
            }
        }

        return layout.Nodes;
    }
}
