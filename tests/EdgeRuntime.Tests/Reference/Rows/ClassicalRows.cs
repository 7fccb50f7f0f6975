using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>Trees, with values at, below and above each threshold, and pairwise coupling.</summary>
internal static class ClassicalRows
{
    internal static IEnumerable<OperatorRow> All() => [.. Comparisons(), .. Forests(), .. Rounded(), .. Couplings()];

    private static IEnumerable<OperatorRow> Comparisons()
    {
        foreach (int missing in new[] { 0, 8 })
        {
            for (int mode = 0; mode <= 5; mode++)
            {
                double[] x = [1.5, 1.4999999f, 1.5000001f, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -1.5];
                yield return new OperatorRow(
                    Opcode.TreeEnsemble,
                    $"comparison {mode}, missing {missing}",
                    [
                        Make.Reals([x.Length, 1], x),
                        new Values(TensorType.Int32, [3, 4], [0, mode + missing, 1, 2, -1, 0, 0, 1, -1, 0, 1, 1], true),
                        Make.Constant(Make.Reals([3], 1.5, 0, 0)),
                        Make.Integers(TensorType.Int32, 0),
                        Make.Integers(TensorType.Int32, 0, 0),
                        Make.Constant(Make.Reals([2], 10, -3)),
                    ],
                    [Make.Output(TensorType.Float32, x.Length, 1)]);
            }
        }
    }

    private static IEnumerable<OperatorRow> Forests()
    {
        for (int aggregate = 0; aggregate < 4; aggregate++)
        {
            foreach ((int trees, int targets, int features) in new[] { (1, 1, 1), (5, 1, 3), (7, 3, 4), (4, 6, 2) })
            {
                var random = new Random((aggregate * 10) + trees);
                var nodes = new List<double>();
                var thresholds = new List<double>();
                var roots = new List<double>();
                var leafTargets = new List<double>();
                var leafWeights = new List<double>();
                for (int tree = 0; tree < trees; tree++)
                {
                    // Depth 2: nodes 0, 1, 2, leaves 3 to 6.
                    int root = thresholds.Count;
                    roots.Add(root);
                    for (int i = 0; i < 7; i++)
                    {
                        bool leaf = i >= 3;
                        int weights = leaf ? (tree == 0 && i == 3 ? 0 : random.Next(1, 3)) : 0;
                        nodes.AddRange(leaf ? [-1, 0, leafWeights.Count, weights] : [random.Next(features), random.Next(6) + (random.Next(2) * 8), root + (2 * i) + 1, root + (2 * i) + 2]);
                        thresholds.Add(random.Next(-4, 5) / 4.0);
                        for (int w = 0; w < weights; w++)
                        {
                            // The last target is named by no leaf where there are several.
                            leafTargets.Add(random.Next(Math.Max(1, targets - 1)));
                            leafWeights.Add(random.Next(-40, 41) / 8.0);
                        }
                    }
                }

                const int Rows = 24;
                double[] x = Make.Draw(Rows * features, trees, r => r.Next(12) == 0 ? double.NaN : r.Next(-5, 6) / 4.0);
                yield return new OperatorRow(
                    Opcode.TreeEnsemble,
                    $"{trees} trees, {targets} targets, aggregate {aggregate}",
                    [
                        Make.Reals([Rows, features], x),
                        new Values(TensorType.Int32, [thresholds.Count, 4], [.. nodes], true),
                        Make.Constant(Make.Reals([thresholds.Count], [.. thresholds])),
                        Make.Integers(TensorType.Int32, [.. roots]),
                        Make.Integers(TensorType.Int32, [.. leafTargets]),
                        Make.Constant(Make.Reals([leafWeights.Count], [.. leafWeights])),
                    ],
                    [Make.Output(TensorType.Float32, Rows, targets)],
                    ("aggregate", aggregate))
                { NanoRelative = 1e-6 };
            }
        }
    }

    /// <summary>Leaves of which float32 keeps no sum: 2²⁴ and many ones, in turn for one row and for the other.</summary>
    private static IEnumerable<OperatorRow> Rounded()
    {
        const int Trees = 9;
        double[] nodes = [.. Enumerable.Range(0, Trees).SelectMany(tree => (double[])[0, 0, (3 * tree) + 1, (3 * tree) + 2, -1, 0, 2 * tree, 1, -1, 0, (2 * tree) + 1, 1])];
        for (int aggregate = 0; aggregate < 2; aggregate++)
        {
            yield return new OperatorRow(
                Opcode.TreeEnsemble,
                $"sums beyond float32, aggregate {aggregate}",
                [
                    Make.Reals([4, 1], 0, 1, 0, 1),
                    new Values(TensorType.Int32, [3 * Trees, 4], nodes, true),
                    Make.Constant(Make.Reals([3 * Trees], [.. Enumerable.Repeat(0.5, 3 * Trees)])),
                    Make.Integers(TensorType.Int32, [.. Enumerable.Range(0, Trees).Select(tree => 3.0 * tree)]),
                    Make.Integers(TensorType.Int32, new double[2 * Trees]),
                    Make.Constant(Make.Reals([2 * Trees], [.. Enumerable.Range(0, Trees).SelectMany(tree => (double[])[tree == 0 ? 16777216 : 1, tree == 8 ? 0.25 : 0.125])])),
                ],
                [Make.Output(TensorType.Float32, 4, 1)],
                ("aggregate", aggregate))
            { Absolute = 0, NanoAbsolute = 0, Relative = 1e-7, NanoRelative = 1e-7 };
        }
    }

    private static IEnumerable<OperatorRow> Couplings()
    {
        foreach (int classes in new[] { 2, 3, 4, 7, 20 })
        {
            int pairs = classes * (classes - 1) / 2;
            double[] certain = [.. Enumerable.Range(0, pairs).Select(i => i % 3 == 0 ? 1.0 : 0.0)];
            yield return new OperatorRow(Opcode.PairwiseCoupling, $"{classes} classes", [Make.Smooth(classes, 0.1, 0.9, 3, pairs)], [Make.Output(TensorType.Float32, 3, classes)]) { Relative = 1e-5, NanoRelative = 1e-4, NanoAbsolute = 2e-5 };
            if (classes == 2)
            {
                yield return new OperatorRow(Opcode.PairwiseCoupling, $"{classes} classes, certain", [Make.Reals([2, pairs], [.. certain, .. certain.Select(value => 1 - value)])], [Make.Output(TensorType.Float32, 2, classes)]) { Relative = 1e-5, NanoRelative = 1e-4, NanoAbsolute = 2e-5 };
            }
        }
    }
}
