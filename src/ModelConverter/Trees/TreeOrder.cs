namespace EdgeInference.ModelConverter.Trees;

/// <summary>
/// The order of the splits of one tree in a file: parents before children, and of two children the one with the smaller subtree first, so
/// that the jump to the other is short and fits a byte.
/// </summary>
internal static class TreeOrder
{
    /// <summary>The splits below a root, by their node; none where the root is a leaf.</summary>
    internal static List<int> Of(TreeLists lists, int root)
    {
        var order = new List<int>();
        if (lists.IsLeaf(root))
        {
            return order;
        }

        // Children follow their node, so that one walk in ascending order finds all parents before their children.
        var parents = new Dictionary<int, int> { [root] = 0 };
        var waiting = new PriorityQueue<int, int>();
        waiting.Enqueue(root, root);
        var ascending = new List<int>();
        while (waiting.TryDequeue(out int node, out _))
        {
            ascending.Add(node);
            foreach (int child in Splits(lists, node))
            {
                if (!parents.TryGetValue(child, out int count))
                {
                    waiting.Enqueue(child, child);
                }

                parents[child] = count + 1;
            }
        }

        // A subtree that is reached in several ways counts once for each, which is enough to compare by.
        var sizes = new Dictionary<int, double>();
        for (int i = ascending.Count - 1; i >= 0; i--)
        {
            sizes[ascending[i]] = 1 + Splits(lists, ascending[i]).Sum(child => sizes[child]);
        }

        var ready = new Stack<int>([root]);
        while (ready.TryPop(out int node))
        {
            order.Add(node);
            foreach (int child in Splits(lists, node).OrderByDescending(child => sizes[child]))
            {
                if (--parents[child] == 0)
                {
                    ready.Push(child);
                }
            }
        }

        return order;
    }

    private static IEnumerable<int> Splits(TreeLists lists, int node)
    {
        if (!lists.IsLeaf(lists.WhenTrue(node)))
        {
            yield return lists.WhenTrue(node);
        }

        if (!lists.IsLeaf(lists.WhenFalse(node)))
        {
            yield return lists.WhenFalse(node);
        }
    }
}
