using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelTraining.Learners.Trees;

namespace EdgeInference.ModelTraining.Learners;

/// <summary>One fit of boosted trees.</summary>
internal sealed class BoostingRun
{
    // Leaves are multiples of this, so that many are equal, and a file holds equal leaves once. Later rounds see what rounding did.
    private const double LeafStep = 1.0 / 1024;

    // A leaf need not hold more than this part of the rows.
    private const int SmallestLeaves = 20;

    private readonly GradientBoosting options;
    private readonly LabelledTable source;
    private readonly BinnedTable table;
    private readonly Xoshiro256 random;
    private readonly double[]? classWeights;
    private readonly int[] training;
    private readonly int[] heldOut;

    internal BoostingRun(GradientBoosting options, LabelledTable source, int[] rows, double[]? classWeights, ulong seed)
    {
        this.options = options;
        this.source = source;
        this.classWeights = classWeights;
        random = new Xoshiro256(seed);
        table = BinnedTable.Of(source, rows, seed, options.Threads);
        (int[] first, heldOut) = StratifiedSplit.Of(table.Labels, source.Classes.Count, options.HeldOutShare, random);
        training = [.. first.Order()];
    }

    internal TreeClassifier Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        int classes = source.Classes.Count;
        double[] start = BoostingLoss.Start([.. training.Select(row => table.Labels[row])], classes, classWeights);
        var loss = new BoostingLoss(table.Labels, classes, classWeights, start);
        var gradients = new PackedGradients(table.Rows, classWeights?.Max() ?? 1);
        var grower = new HistogramTreeGrower(table, new GrowthLimits(options.MaxLeaves, options.MaxDepth, MinRows, options.L2), options.Threads);
        var trees = new List<GrownNode>();
        var leaves = new List<GrownLeaf>();
        int best = 0;
        double bestLoss = double.PositiveInfinity;
        for (int round = 0; round < options.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            loss.BeginRound(options.Threads);
            int[] drawn = Draw(training, options.RowShare);
            for (int target = 0; target < start.Length; target++)
            {
                loss.Derive(target, gradients, options.Threads);
                int[] rows = [.. drawn];
                trees.Add(grower.Grow(gradients, rows, Draw(options.FeatureShare), leaves));
                AddLeaves(leaves, rows, loss.Scores(target), round == 0 ? start[target] : 0);
                if (rows.Length < table.Rows)
                {
                    AddRest(trees[^1], rows, loss.Scores(target), round == 0 ? start[target] : 0);
                }
            }

            progress?.Report((round + 1.0) / options.Rounds);
            if (heldOut.Length == 0)
            {
                best = round + 1;
                continue;
            }

            double now = loss.Mean(heldOut);
            if (now < bestLoss)
            {
                (best, bestLoss) = (round + 1, now);
            }
            else if (round + 1 - best >= options.Patience)
            {
                break;
            }
        }

        var builder = new TreeListsBuilder(table);
        for (int i = 0; i < best * start.Length; i++)
        {
            builder.Add(trees[i], i % start.Length);
        }

        return new TreeClassifier(source, builder.ToLists(), isForest: false, table.HasMissing);
    }

    // Else a small table could not be split at all.
    private int MinRows => Math.Clamp(training.Length / SmallestLeaves, 1, options.MinRows);

    // The trees of the first round hold what all rows begin with.
    private void AddLeaves(List<GrownLeaf> leaves, int[] rows, double[] scores, double start)
    {
        foreach (GrownLeaf leaf in leaves)
        {
            double step = -options.LearningRate * leaf.Gradient / (leaf.Second + options.L2 + GrowthLimits.MinSecond);
            float weight = (float)(Math.Round((start + step) / LeafStep) * LeafStep);
            leaf.Node.Weights = [weight];
            foreach (int row in rows.AsSpan(leaf.Start, leaf.Count))
            {
                scores[row] += weight - start;
            }
        }
    }

    private void AddRest(GrownNode tree, int[] rows, double[] scores, double start)
    {
        var done = new bool[table.Rows];
        foreach (int row in rows)
        {
            done[row] = true;
        }

        for (int row = 0; row < done.Length; row++)
        {
            if (!done[row])
            {
                scores[row] += tree.Leaf(table, row).Weights[0] - start;
            }
        }
    }

    private int[] Draw(int[] from, double share)
    {
        if (share >= 1)
        {
            return from;
        }

        int[] shuffled = [.. from];
        random.Shuffle(shuffled);
        return [.. shuffled[..Math.Max(1, (int)(from.Length * share))].Order()];
    }

    private int[] Draw(double share) => Draw([.. Enumerable.Range(0, table.Features.Length)], share);
}
