using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Trees;

/// <summary>A way to hold the weights of leaves, all of which have the same number of them.</summary>
internal sealed class LeafForm
{
    private readonly TreeLists lists;
    private readonly int[] treeTargets;

    // Changes no sum, and is neither the smallest nor the largest.
    private readonly float nothing;

    private LeafForm(TreeLists lists, TreeTargets targets, int width, int[] treeTargets, int aggregate)
    {
        this.lists = lists;
        this.treeTargets = treeTargets;
        Targets = targets;
        Width = width;
        nothing = aggregate switch { 2 => float.PositiveInfinity, 3 => float.NegativeInfinity, _ => 0f };
    }

    internal TreeTargets Targets { get; }

    /// <summary>Weights of each leaf.</summary>
    internal int Width { get; }

    /// <summary>The forms that can hold all leaves; at least one.</summary>
    /// <param name="lists">The trees.</param>
    /// <param name="leaves">The leaves of each tree, by their node.</param>
    /// <param name="targets">Number of targets.</param>
    /// <param name="aggregate">How leaves are added up.</param>
    internal static IEnumerable<LeafForm> Of(TreeLists lists, IReadOnlyList<List<int>> leaves, int targets, int aggregate)
    {
        List<int> all = [.. leaves.SelectMany(tree => tree).Distinct()];
        int most = all.Max(lists.WhenFalse);

        // Two weights for one target would have to be rounded to one.
        if (all.TrueForAll(leaf => LeafTargets(lists, leaf).Distinct().Count() == lists.WhenFalse(leaf)))
        {
            yield return new LeafForm(lists, TreeTargets.All, targets, [], aggregate);
        }

        if (targets > 1 || most > 1)
        {
            int[][] named = [.. leaves.Select(tree => tree.SelectMany(leaf => LeafTargets(lists, leaf)).Distinct().ToArray())];
            if (most <= 1 && Array.TrueForAll(named, tree => tree.Length <= 1))
            {
                yield return new LeafForm(lists, TreeTargets.OfTree, 1, [.. named.Select(tree => tree.FirstOrDefault())], aggregate);
            }

            yield return new LeafForm(lists, TreeTargets.OfWeight, Math.Max(1, most), [], aggregate);
        }
    }

    /// <summary>The target of a tree where <see cref="Targets"/> says that it has one.</summary>
    internal int TreeTarget(int tree) => treeTargets[tree];

    /// <summary>The weights of a leaf, and the targets that they name.</summary>
    internal (float[] Weights, int[] Targets) Fill(int leaf)
    {
        var weights = new float[Width];
        Array.Fill(weights, nothing);
        var targets = new int[Targets == TreeTargets.OfWeight ? Width : 0];
        int first = lists.WhenTrue(leaf);
        for (int i = 0; i < lists.WhenFalse(leaf); i++)
        {
            weights[Targets == TreeTargets.All ? lists.LeafTargets[first + i] : i] = lists.LeafWeights[first + i];
            if (Targets == TreeTargets.OfWeight)
            {
                targets[i] = lists.LeafTargets[first + i];
            }
        }

        return (weights, targets);
    }

    private static IEnumerable<int> LeafTargets(TreeLists lists, int leaf) => Enumerable.Range(lists.WhenTrue(leaf), lists.WhenFalse(leaf)).Select(i => lists.LeafTargets[i]);
}
