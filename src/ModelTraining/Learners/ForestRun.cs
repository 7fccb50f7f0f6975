using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelTraining.Learners.Trees;

namespace EdgeInference.ModelTraining.Learners;

/// <summary>One fit of a forest. A tree is a task, with random numbers of its own.</summary>
internal sealed class ForestRun
{
    private readonly RandomForest options;
    private readonly LabelledTable source;
    private readonly BinnedTable table;
    private readonly double[]? classWeights;
    private readonly LeafProbabilities leaves;
    private readonly ulong[] seeds;

    internal ForestRun(RandomForest options, LabelledTable source, int[] rows, double[]? classWeights, ulong seed)
    {
        this.options = options;
        this.source = source;
        this.classWeights = classWeights;
        table = BinnedTable.Of(source, rows, seed, options.Threads);
        double[] shares = new double[source.Classes.Count];
        foreach (int label in table.Labels)
        {
            shares[label] += classWeights?[label] ?? 1;
        }

        double sum = shares.Sum();
        leaves = new LeafProbabilities(Array.ConvertAll(shares, share => share / sum), options.Smoothing);
        var random = new Xoshiro256(seed);
        seeds = [.. Enumerable.Range(0, options.Trees).Select(_ => random.Next())];
    }

    internal ForestFit Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        var growth = new ForestGrowth(options.SplitFeatures(table.Features.Length), options.MaxDepth, options.MinRows, options.IsExtra);
        var trees = new GrownNode[options.Trees];
        var drawn = new int[options.Trees][];
        int done = 0;
        Workers.For(trees.Length, options.Threads, tree =>
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new Xoshiro256(seeds[tree]);
            drawn[tree] = Draw(random);
            double[] weights = [.. drawn[tree].Select((count, row) => count * (classWeights?[table.Labels[row]] ?? 1))];
            trees[tree] = new ForestTreeGrower(table, growth, leaves, drawn[tree], weights, random).Grow();
            progress?.Report((double)Interlocked.Increment(ref done) / trees.Length);
        });
        var builder = new TreeListsBuilder(table);
        foreach (GrownNode tree in trees)
        {
            builder.Add(tree, 0);
        }

        return new ForestFit(new TreeClassifier(source, builder.ToLists(), isForest: true, table.HasMissing), new Lazy<double[]?[]>(() => OutOfBag(trees, drawn)));
    }

    private int[] Draw(Xoshiro256 random)
    {
        int[] counts = new int[table.Rows];
        if (options.IsExtra)
        {
            Array.Fill(counts, 1);
            return counts;
        }

        for (int i = 0; i < counts.Length; i++)
        {
            counts[random.Next(counts.Length)]++;
        }

        return counts;
    }

    private double[]?[] OutOfBag(GrownNode[] trees, int[][] drawn)
    {
        var all = new double[]?[table.Rows];
        Workers.For(all.Length, options.Threads, row =>
        {
            double[] sums = new double[leaves.Classes];
            int count = 0;
            for (int tree = 0; tree < trees.Length; tree++)
            {
                if (drawn[tree][row] == 0)
                {
                    count++;
                    float[] weights = trees[tree].Leaf(table, row).Weights;
                    for (int c = 0; c < sums.Length; c++)
                    {
                        sums[c] += weights.Length > 1 ? weights[c] : c == 1 ? weights[0] : 1 - weights[0];
                    }
                }
            }

            all[row] = count == 0 ? null : Array.ConvertAll(sums, sum => sum / count);
        });
        return all;
    }
}
