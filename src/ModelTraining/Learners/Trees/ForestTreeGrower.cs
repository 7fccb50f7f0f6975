using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>Grows a tree of a forest: each node chooses the best of a few features that are drawn for it.</summary>
internal sealed class ForestTreeGrower
{
    private readonly BinnedTable table;
    private readonly ForestGrowth growth;
    private readonly Xoshiro256 random;
    private readonly ClassHistogram histogram;
    private readonly GiniSplitFinder finder;
    private readonly LeafProbabilities leaves;
    private readonly int[] features;
    private readonly int[] spare;
    private readonly int[] draws;
    private readonly double[] weights;
    private readonly int classes;

    /// <param name="table">Training rows.</param>
    /// <param name="growth">How to grow.</param>
    /// <param name="leaves">What leaves say.</param>
    /// <param name="draws">How often each row was drawn.</param>
    /// <param name="weights">What each row weighs, its draws included.</param>
    /// <param name="random">Draws features.</param>
    internal ForestTreeGrower(BinnedTable table, ForestGrowth growth, LeafProbabilities leaves, int[] draws, double[] weights, Xoshiro256 random)
    {
        this.table = table;
        this.growth = growth;
        this.leaves = leaves;
        this.draws = draws;
        this.weights = weights;
        this.random = random;
        classes = leaves.Classes;
        histogram = new ClassHistogram(classes);
        finder = new GiniSplitFinder(classes, growth);
        features = [.. Enumerable.Range(0, table.Features.Length)];
        spare = new int[table.Rows];
    }

    /// <summary>Grows the tree.</summary>
    internal GrownNode Grow()
    {
        int[] rows = [.. Enumerable.Range(0, draws.Length).Where(row => draws[row] > 0)];
        var root = new GrownNode();
        var waiting = new Stack<(GrownNode Node, int Start, int Count, int Depth)>();
        waiting.Push((root, 0, rows.Length, 0));
        double[] total = new double[classes];
        while (waiting.TryPop(out (GrownNode Node, int Start, int Count, int Depth) next))
        {
            Span<int> part = rows.AsSpan(next.Start, next.Count);
            int drawn = 0;
            Array.Clear(total);
            foreach (int row in part)
            {
                total[table.Labels[row]] += weights[row];
                drawn += draws[row];
            }

            bool isPure = total.Count(weight => weight > 0) <= 1;
            TreeSplit? split = isPure || next.Depth >= growth.MaxDepth || drawn < 2 * growth.MinRows ? null : Choose(part, total);
            if (split is null)
            {
                next.Node.Weights = leaves.Of(total, drawn);
                continue;
            }

            int left = Part(part, split);
            next.Node.Split = split;
            (next.Node.Left, next.Node.Right) = (new GrownNode(), new GrownNode());
            waiting.Push((next.Node.Right, next.Start + left, next.Count - left, next.Depth + 1));
            waiting.Push((next.Node.Left, next.Start, left, next.Depth + 1));
        }

        return root;
    }

    // A feature that is the same in all rows of the node counts for none.
    private TreeSplit? Choose(ReadOnlySpan<int> part, double[] total)
    {
        SplitCandidate best = default;
        int tried = 0;
        for (int i = 0; i < features.Length && tried < growth.Features; i++)
        {
            int chosen = i + random.Next(features.Length - i);
            (features[i], features[chosen]) = (features[chosen], features[i]);
            int feature = features[i];
            histogram.Fill(table.Columns[feature], part, table.Labels, draws, weights);
            if (histogram.Count < 2)
            {
                continue;
            }

            tried++;
            SplitCandidate candidate = finder.Find(feature, table.Features[feature], histogram, total, random);
            if (candidate.Split is not null && (best.Split is null || candidate.Gain > best.Gain))
            {
                best = candidate;
            }
        }

        return best.Split;
    }

    private int Part(Span<int> part, TreeSplit split)
    {
        Span<byte> goes = stackalloc byte[FeatureBins.Most + 1];
        split.Fill(table.Features[split.Feature], goes);
        byte[] column = table.Columns[split.Feature];
        int left = 0;
        int right = 0;
        foreach (int row in part)
        {
            int isLeft = goes[column[row]];
            part[left] = row;
            spare[right] = row;
            left += isLeft;
            right += 1 - isLeft;
        }

        spare.AsSpan(0, right).CopyTo(part[left..]);
        return left;
    }
}
