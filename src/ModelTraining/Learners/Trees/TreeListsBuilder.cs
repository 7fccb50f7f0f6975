using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>
/// Writes grown trees as the comparisons x ≤ t that a file has. A subset of categories becomes one comparison for each place where
/// neighbouring codes go to different sides; both sides are then reached in several ways, and stored once.
/// </summary>
internal sealed class TreeListsBuilder(BinnedTable table)
{
    private readonly List<int> nodes = [];
    private readonly List<float> thresholds = [];
    private readonly List<int> roots = [];
    private readonly List<int> targets = [];
    private readonly List<float> weights = [];

    /// <summary>Adds a tree.</summary>
    /// <param name="root">Its root.</param>
    /// <param name="target">The target of its leaves' only weight; or their first target.</param>
    internal void Add(GrownNode root, int target)
    {
        var waiting = new Stack<(GrownNode Node, int At)>();
        roots.Add(New());
        waiting.Push((root, roots[^1]));
        while (waiting.TryPop(out (GrownNode Node, int At) next))
        {
            if (next.Node.Split is not { } split)
            {
                Set(next.At, -1, 0, weights.Count, next.Node.Weights.Length, 0f);
                for (int i = 0; i < next.Node.Weights.Length; i++)
                {
                    weights.Add(next.Node.Weights[i]);
                    targets.Add(target + i);
                }

                continue;
            }

            (int left, int right) = Write(next.At, split);
            waiting.Push((next.Node.Right!, right));
            waiting.Push((next.Node.Left!, left));
        }
    }

    /// <summary>All trees that were added.</summary>
    internal TreeLists ToLists() => new(nodes, thresholds, roots, targets, weights);

    private (int Left, int Right) Write(int at, TreeSplit split)
    {
        FeatureBins bins = table.Features[split.Feature];
        if (split.Left is not { } goes)
        {
            (int left, int right) = (New(), New());
            Set(at, split.Feature, Comparison(split.MissingLeft), left, right, bins.Threshold(split.Bin));
            return (left, right);
        }

        // The bins after which the side changes; none where a missing value alone goes to the other side.
        List<int> cuts = [.. Enumerable.Range(0, goes.Length - 1).Where(bin => goes[bin] != goes[bin + 1])];
        if (cuts.Count == 0)
        {
            (int all, int missing) = (New(), New());
            Set(at, split.Feature, Comparison(false), all, missing, float.MaxValue);
            return goes[0] ? (all, missing) : (missing, all);
        }

        // A missing value follows the last run of codes of its side.
        int run = goes[^1] == split.MissingLeft ? cuts.Count : cuts.Count - 1;
        int[] comparisons = [at, .. Enumerable.Range(1, cuts.Count - 1).Select(_ => New())];
        var sides = (Left: New(), Right: New());
        int used = 0;
        Halve(0, cuts.Count);
        return sides;

        int Halve(int first, int last)
        {
            if (first == last)
            {
                return goes[first == 0 ? 0 : cuts[first - 1] + 1] ? sides.Left : sides.Right;
            }

            int middle = (first + last) / 2;
            int own = comparisons[used++];
            int low = Halve(first, middle);
            int high = Halve(middle + 1, last);
            Set(own, split.Feature, Comparison(run >= first && run <= middle), low, high, bins.Threshold(cuts[middle]));
            return own;
        }
    }

    private int Comparison(bool isMissingTrue) => isMissingTrue && table.HasMissing ? TreeEnsembleRule.MissingIsTrue : 0;

    private int New()
    {
        nodes.AddRange([0, 0, 0, 0]);
        thresholds.Add(0f);
        return thresholds.Count - 1;
    }

    private void Set(int at, int feature, int comparison, int whenTrue, int whenFalse, float threshold)
    {
        int first = at * TreeLists.NodeInts;
        (nodes[first], nodes[first + 1], nodes[first + 2], nodes[first + 3]) = (feature, comparison, whenTrue, whenFalse);
        thresholds[at] = threshold;
    }
}
