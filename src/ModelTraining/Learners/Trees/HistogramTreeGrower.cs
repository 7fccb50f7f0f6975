using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>
/// Grows trees leaf by leaf: of all leaves, the one whose best split gains most is split next (Ke et al., "LightGBM", 2017). Of two
/// children, the histogram of the smaller is added up from its rows, and that of the larger is the difference.
/// </summary>
internal sealed class HistogramTreeGrower
{
    // Fewer additions than these are not worth waking a thread.
    private const long WorthThreads = 40_000;

    private readonly BinnedTable table;
    private readonly GrowthLimits limits;
    private readonly int threads;
    private readonly HistogramPool pool;
    private readonly int[] spare;
    private readonly Vector128<long>[] gathered;
    private readonly List<OpenLeaf> open = [];

    internal HistogramTreeGrower(BinnedTable table, GrowthLimits limits, int threads)
    {
        this.table = table;
        this.limits = limits;
        this.threads = threads;
        pool = new HistogramPool(table.Features);
        spare = new int[table.Rows];
        gathered = new Vector128<long>[table.Rows];
    }

    /// <summary>Grows a tree.</summary>
    /// <param name="gradients">Of all rows of the table.</param>
    /// <param name="rows">The rows to grow it from; put into the order of the leaves.</param>
    /// <param name="features">The features that it may split on, ascending.</param>
    /// <param name="leaves">Is given each leaf with its part of <paramref name="rows"/> and the sums of its rows.</param>
    internal GrownNode Grow(PackedGradients gradients, int[] rows, int[] features, List<GrownLeaf> leaves)
    {
        var finder = new GradientSplitFinder(gradients, limits);
        var root = new GrownNode();
        Vector128<long> total = Vector128<long>.Zero;
        foreach (int row in rows)
        {
            total += gradients.Rows[row];
        }

        var first = new OpenLeaf(root, 0, rows.Length, 0, total, table.Features.Length) { Histogram = pool.Take() };
        Gather(gradients, rows, first);
        ForFeatures(rows.Length, features, feature =>
        {
            Fill(first, rows, feature);
            first.Splits[feature] = finder.Find(feature, table.Features[feature], pool.Of(first.Histogram!, feature), first.Total);
        });
        first.Choose(features);
        open.Clear();
        open.Add(first);
        for (int count = 1; count < limits.MaxLeaves && TakeBest() is { } leaf; count++)
        {
            Split(leaf, gradients, finder, rows, features, count + 1 < limits.MaxLeaves);
        }

        leaves.Clear();
        foreach (OpenLeaf leaf in open)
        {
            pool.Return(leaf.Histogram);
            leaves.Add(new GrownLeaf(leaf.Node, leaf.Start, leaf.Count, gradients.Gradient(leaf.Total[0]), gradients.Second(leaf.Total[1])));
        }

        return root;
    }

    // The earliest of equals.
    private OpenLeaf? TakeBest()
    {
        int best = -1;
        for (int i = 0; i < open.Count; i++)
        {
            if (open[i].Best.Split is not null && (best < 0 || open[i].Best.Gain > open[best].Best.Gain))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            return null;
        }

        OpenLeaf leaf = open[best];
        open.RemoveAt(best);
        return leaf;
    }

    private void Split(OpenLeaf leaf, PackedGradients gradients, GradientSplitFinder finder, int[] rows, int[] features, bool goesOn)
    {
        TreeSplit split = leaf.Best.Split!;
        int left = Part(leaf, split, rows);
        leaf.Node.Split = split;
        (leaf.Node.Left, leaf.Node.Right) = (new GrownNode(), new GrownNode());
        Vector128<long> sum = Vector128<long>.Zero;
        bool isLeftSmaller = 2 * left <= leaf.Count;
        (int start, int count) = isLeftSmaller ? (leaf.Start, left) : (leaf.Start + left, leaf.Count - left);
        foreach (int row in rows.AsSpan(start, count))
        {
            sum += gradients.Rows[row];
        }

        var smaller = new OpenLeaf(isLeftSmaller ? leaf.Node.Left : leaf.Node.Right, start, count, leaf.Depth + 1, sum, table.Features.Length);
        var larger = new OpenLeaf(isLeftSmaller ? leaf.Node.Right : leaf.Node.Left, isLeftSmaller ? start + count : leaf.Start, leaf.Count - count, leaf.Depth + 1, leaf.Total - sum, table.Features.Length);
        open.Add(isLeftSmaller ? smaller : larger);
        open.Add(isLeftSmaller ? larger : smaller);
        if (!goesOn || smaller.Depth >= limits.MaxDepth || larger.Count < 2 * limits.MinRows)
        {
            pool.Return(leaf.Histogram);
            return;
        }

        (smaller.Histogram, larger.Histogram) = (pool.Take(), leaf.Histogram);
        Gather(gradients, rows, smaller);
        ForFeatures(count, features, feature =>
        {
            Fill(smaller, rows, feature);
            Span<Vector128<long>> part = pool.Of(smaller.Histogram!, feature);
            Span<Vector128<long>> rest = pool.Of(larger.Histogram!, feature);
            for (int i = 0; i < rest.Length; i++)
            {
                rest[i] -= part[i];
            }

            FeatureBins bins = table.Features[feature];
            smaller.Splits[feature] = smaller.Count < 2 * limits.MinRows ? default : finder.Find(feature, bins, part, smaller.Total);
            larger.Splits[feature] = finder.Find(feature, bins, rest, larger.Total);
        });
        smaller.Choose(features);
        larger.Choose(features);
    }

    private void ForFeatures(int rows, int[] features, Action<int> task) =>
        Workers.For(features.Length, rows * (long)features.Length < WorthThreads ? 1 : threads, i => task(features[i]));

    private void Gather(PackedGradients gradients, int[] rows, OpenLeaf leaf)
    {
        for (int i = 0; i < leaf.Count; i++)
        {
            gathered[i] = gradients.Rows[rows[leaf.Start + i]];
        }
    }

    private void Fill(OpenLeaf leaf, int[] rows, int feature)
    {
        Span<Vector128<long>> histogram = pool.Of(leaf.Histogram!, feature);
        histogram.Clear();
        ref Vector128<long> sums = ref MemoryMarshal.GetReference(histogram);
        ref byte column = ref MemoryMarshal.GetArrayDataReference(table.Columns[feature]);
        ReadOnlySpan<int> part = rows.AsSpan(leaf.Start, leaf.Count);
        ReadOnlySpan<Vector128<long>> values = gathered.AsSpan(0, part.Length);
        for (int i = 0; i < part.Length; i++)
        {
            // Bins and rows are those of the table, so that no index is outside.
            Unsafe.Add(ref sums, Unsafe.Add(ref column, part[i])) += values[i];
        }
    }

    // Rows keep their order on both sides.
    private int Part(OpenLeaf leaf, TreeSplit split, int[] rows)
    {
        Span<byte> goes = stackalloc byte[FeatureBins.Most + 1];
        split.Fill(table.Features[split.Feature], goes);
        byte[] column = table.Columns[split.Feature];
        Span<int> part = rows.AsSpan(leaf.Start, leaf.Count);
        int left = 0;
        int right = 0;
        for (int i = 0; i < part.Length; i++)
        {
            int row = part[i];
            int isLeft = goes[column[row]];
            part[left] = row;
            spare[right] = row;
            left += isLeft;
            right += 1 - isLeft;
        }

        spare.AsSpan(0, right).CopyTo(part[left..]);
        return left;
    }

    private sealed class OpenLeaf(GrownNode node, int start, int count, int depth, Vector128<long> total, int features)
    {
        internal GrownNode Node { get; } = node;

        internal int Start { get; } = start;

        internal int Count { get; } = count;

        internal int Depth { get; } = depth;

        internal Vector128<long> Total { get; } = total;

        internal Vector128<long>[]? Histogram { get; set; }

        internal SplitCandidate[] Splits { get; } = new SplitCandidate[features];

        internal SplitCandidate Best { get; private set; }

        // The first of equals in the order of features.
        internal void Choose(int[] features)
        {
            foreach (int feature in features)
            {
                if (Splits[feature].Split is not null && (Best.Split is null || Splits[feature].Gain > Best.Gain))
                {
                    Best = Splits[feature];
                }
            }
        }
    }
}
