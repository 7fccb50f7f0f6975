using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Trees;

/// <summary>The constants of a TreeEnsemble node as numbers, whatever their types.</summary>
internal sealed class Forest
{
    private readonly int[] counts;
    private readonly int[] targets;
    private readonly TreeTargets kind;
    private readonly int width;
    private readonly bool own;
    private readonly int[]? comparisons;
    private readonly int comparison;

    private Forest(Node node)
    {
        counts = Unsigned(node.Input(TreeEnsembleRule.Trees));
        own = node.Input(TreeEnsembleRule.Trees).Shape.Length == 2;
        Features = Unsigned(node.Input(TreeEnsembleRule.Features));
        Children = Signed(node.Input(TreeEnsembleRule.Children));
        Thresholds = ThresholdsOf(node, Features);
        Weights = node.Input(TreeEnsembleRule.Weights).Floats;
        width = node.Input(TreeEnsembleRule.Weights).LastDimension;
        kind = (TreeTargets)node.Parameters[TreeEnsembleRule.Targets];
        targets = node.InputOrNull(TreeEnsembleRule.TargetInput) is { } named ? Unsigned(named) : [];
        comparisons = node.InputOrNull(TreeEnsembleRule.Comparisons) is { } each ? Signed(each) : null;
        comparison = node.Parameters[TreeEnsembleRule.Comparison];
    }

    /// <summary>Number of trees.</summary>
    internal int Trees => own ? counts.Length / 2 : counts.Length;

    /// <summary>The feature that each split compares.</summary>
    internal int[] Features { get; }

    /// <summary>Two for each split: splits to skip, or −1 − a leaf.</summary>
    internal int[] Children { get; }

    /// <summary>The threshold of each split.</summary>
    internal float[] Thresholds { get; }

    /// <summary>The weights of all leaves.</summary>
    internal float[] Weights { get; }

    /// <summary>The trees of a node.</summary>
    internal static Forest Of(Node node) => new(node);

    /// <summary>Number of trees of a node.</summary>
    internal static int CountTrees(Node node) => node.Input(TreeEnsembleRule.Trees).Shape[0];

    /// <summary>The comparison of a split, 0 to 5, and 8 where a missing value counts as true.</summary>
    internal int Comparison(int split) => comparisons is null ? comparison : comparisons[split];

    /// <summary>The splits of the source: one whose two sides are one leaf, alone in its tree, stands for a tree without a split.</summary>
    internal IEnumerable<int> Splits()
    {
        int first = 0;
        for (int tree = 0; tree < Trees; tree++)
        {
            int count = counts[own ? 2 * tree : tree];
            if (count > 1 || Children[2 * first] != Children[(2 * first) + 1])
            {
                foreach (int split in Enumerable.Range(first, count))
                {
                    yield return split;
                }
            }

            first += count;
        }
    }

    /// <summary>Whether some split says that a missing value counts as true.</summary>
    internal bool HasMissingBranch => Splits().Any(split => (Comparison(split) & TreeEnsembleRule.MissingIsTrue) != 0);

    /// <summary>What is reached in each tree: the targets, and positions among <see cref="Weights"/>.</summary>
    /// <param name="goes">Whether the comparison of a split holds.</param>
    internal IEnumerable<(int Target, int Weight)> Reached(Func<int, bool> goes)
    {
        int first = 0;
        int firstLeaf = 0;
        for (int tree = 0; tree < Trees; tree++)
        {
            int split = first;
            int child;
            while ((child = Children[(2 * split) + (goes(split) ? 0 : 1)]) >= 0)
            {
                split += 1 + child;
            }

            int weight = (firstLeaf - 1 - child) * width;
            for (int i = 0; i < width; i++)
            {
                yield return (kind switch { TreeTargets.All => i, TreeTargets.OfWeight => targets[weight + i], _ => targets[tree] }, weight + i);
            }

            first += counts[own ? 2 * tree : tree];
            firstLeaf += own ? counts[(2 * tree) + 1] : 0;
        }
    }

    private static float[] ThresholdsOf(Node node, int[] features) => node.Input(TreeEnsembleRule.Thresholds).Data switch
    {
        short[] codes => [.. codes.Select((code, split) => MathF.ScaleB(code, ((sbyte[])node.Input(TreeEnsembleRule.Exponents).Data!)[features[split]]))],
        var floats => (float[])floats!,
    };

    private static int[] Signed(Value value) => value.Data switch
    {
        sbyte[] bytes => Array.ConvertAll(bytes, element => (int)element),
        short[] shorts => Array.ConvertAll(shorts, element => (int)element),
        _ => (int[])value.Data!,
    };

    private static int[] Unsigned(Value value) => value.Data switch
    {
        sbyte[] bytes => Array.ConvertAll(bytes, element => (int)(byte)element),
        short[] shorts => Array.ConvertAll(shorts, element => (int)(ushort)element),
        _ => (int[])value.Data!,
    };
}
