namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>A node of a tree that is growing or grown: a leaf until it has a split.</summary>
internal sealed class GrownNode
{
    /// <summary>Where rows go; null for a leaf.</summary>
    internal TreeSplit? Split { get; set; }

    /// <summary>Where rows that go left come to.</summary>
    internal GrownNode? Left { get; set; }

    /// <summary>Where the other rows come to.</summary>
    internal GrownNode? Right { get; set; }

    /// <summary>A leaf's weight for each target; a tree of one class has one.</summary>
    internal float[] Weights { get; set; } = [];

    /// <summary>The leaf of a training row.</summary>
    internal GrownNode Leaf(BinnedTable table, int row)
    {
        GrownNode node = this;
        while (node.Split is { } split)
        {
            node = (split.GoesLeft(table.Features[split.Feature], table.Columns[split.Feature][row]) ? node.Left : node.Right)!;
        }

        return node;
    }
}
