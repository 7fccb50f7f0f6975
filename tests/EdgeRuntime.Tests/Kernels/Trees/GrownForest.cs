using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Reference;
using EdgeInference.Runtime.Tests.Reference.Rows;

namespace EdgeInference.Runtime.Tests.Kernels.Trees;

/// <summary>Random trees of any shape, on values at, just below and just above their thresholds.</summary>
internal sealed class GrownForest(int seed)
{
    private const int Rows = 30;

    private readonly Random random = new(seed);
    private readonly List<double> features = [];
    private readonly List<double> children = [];
    private readonly List<double> thresholds = [];
    private readonly List<double> counts = [];
    private int leaves;

    /// <summary>Comparisons of splits: one of these for each.</summary>
    internal int[] Modes { get; init; } = [0];

    internal int Trees { get; init; } = 9;

    internal int Features { get; init; } = 5;

    /// <summary>Steps of the longest walk.</summary>
    internal int Depth { get; init; } = 6;

    /// <summary>Whether each split has a leaf on one side.</summary>
    internal bool IsChain { get; init; }

    /// <summary>Whether two splits may lead to a third.</summary>
    internal bool Meets { get; init; }

    internal int Targets { get; init; } = 1;

    /// <summary>Weights for all targets, targets of weights, or targets of trees.</summary>
    internal int Kind { get; init; }

    internal int Aggregate { get; init; }

    internal int Splits => features.Count;

    internal OperatorRow Row()
    {
        for (int tree = 0; tree < Trees; tree++)
        {
            int first = Splits;
            int leaf = leaves;
            Grow(Depth);
            counts.Add(Splits - first);
            counts.Add(leaves - leaf);
        }

        // All numbers of leaves are of the leaf's own tree.
        int width = Kind == 0 ? Targets : Kind == 1 ? 3 : 1;
        double[] named = [.. Enumerable.Range(0, Kind == 1 ? leaves * width : Trees).Select(_ => (double)random.Next(Targets))];
        return new OperatorRow(
            Opcode.TreeEnsemble,
            $"seed {seed}",
            [
                Make.Reals([Rows, Features], [.. Enumerable.Range(0, Rows * Features).Select(_ => Near(thresholds[random.Next(Splits)]))]),
                new Values(TensorType.Int32, [Trees, 2], [.. counts], true),
                Make.Integers(TensorType.Int32, [.. features]),
                new Values(TensorType.Int32, [Splits, 2], [.. children], true),
                Make.Constant(Make.Reals([Splits], [.. thresholds])),
                Make.Constant(Make.Reals([leaves, width], [.. Enumerable.Range(0, leaves * width).Select(_ => (double)(float)random.NextDouble() - 0.5)])),
                Kind == 0 ? null : Make.Integers(TensorType.Int8, named),
                Make.Integers(TensorType.Int8, [.. Enumerable.Range(0, Splits).Select(_ => (double)Modes[random.Next(Modes.Length)])]),
            ],
            [Make.Output(TensorType.Float32, Rows, Targets)],
            ("aggregate", Aggregate),
            ("targets", Kind));
    }

    // Adds a split and all that is below it.
    private void Grow(int depth)
    {
        int split = Splits;
        int leafOfTree = counts.Count == 0 ? 0 : (int)counts.Where((_, i) => i % 2 == 1).Sum();
        features.Add(random.Next(Features));
        thresholds.Add(random.Next(12) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => double.NegativeInfinity, 3 => 0, 4 => -0.0, 5 => float.Epsilon, _ => (float)(random.NextDouble() - 0.5) });
        children.AddRange([0, 0]);
        int chain = random.Next(2);
        for (int side = 0; side < 2; side++)
        {
            bool ends = depth == 1 || (IsChain ? side != chain : random.Next(5) == 0);
            if (!ends && Meets && side == 1 && children[2 * split] >= 0)
            {
                children[(2 * split) + 1] = children[2 * split];
            }
            else if (ends)
            {
                children[(2 * split) + side] = -1 - (leaves++ - leafOfTree);
            }
            else
            {
                children[(2 * split) + side] = Splits - split - 1;
                Grow(depth - 1);
            }
        }
    }

    private double Near(double threshold) => random.Next(12) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => 0,
        4 => -0.0,
        5 => MathF.BitIncrement((float)threshold),
        6 => MathF.BitDecrement((float)threshold),
        7 => float.Epsilon,
        8 => -float.Epsilon,
        9 => float.MaxValue,
        _ => threshold,
    };
}
