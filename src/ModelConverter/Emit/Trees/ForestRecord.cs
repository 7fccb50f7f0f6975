using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>The constants of a TreeEnsemble in a file as numbers, whatever their types.</summary>
internal sealed class ForestRecord
{
    private readonly OperatorRecord record;
    private readonly int[] counts;
    private readonly int[] targets;
    private readonly float[] weights;
    private readonly int stride;
    private readonly int width;
    private readonly TreeTargets kind;

    internal ForestRecord(OperatorRecord record)
    {
        this.record = record;
        counts = Unsigned(TreeEnsembleRule.Trees);
        Count = record.Inputs[TreeEnsembleRule.Trees].Dimension(0);
        stride = counts.Length / Count;
        Features = Unsigned(TreeEnsembleRule.Features);
        Children = Integers(TreeEnsembleRule.Children, IntegerConstant.Signed);
        Thresholds = ReadThresholds();
        Comparisons = record.HasInput(TreeEnsembleRule.Comparisons)
            ? Integers(TreeEnsembleRule.Comparisons, IntegerConstant.Signed)
            : [.. Enumerable.Repeat(record.Int(TreeEnsembleRule.Comparison), Features.Length)];
        weights = Floats(TreeEnsembleRule.Weights);
        width = record.Inputs[TreeEnsembleRule.Weights].Dimension(1);
        kind = (TreeTargets)record.Int(TreeEnsembleRule.Targets);
        targets = kind == TreeTargets.All ? [] : Unsigned(TreeEnsembleRule.TargetInput);
        Trees = [.. ReadTrees()];
    }

    /// <summary>Number of trees.</summary>
    internal int Count { get; }

    /// <summary>Numbers that are made of a row.</summary>
    internal int Targets => record.Outputs[0].LastDimension;

    /// <summary>0 the sum over trees, 1 the mean, 2 the smallest, 3 the largest.</summary>
    internal int Aggregate => record.Int(TreeEnsembleRule.Aggregate);

    /// <summary>The feature that each split compares.</summary>
    internal int[] Features { get; }

    /// <summary>Two for each split: splits to skip, or −1 − a leaf.</summary>
    internal int[] Children { get; }

    /// <summary>The threshold of each split.</summary>
    internal float[] Thresholds { get; }

    /// <summary>The comparison of each split, 0 to 5, and 8 where a missing value counts as true.</summary>
    internal int[] Comparisons { get; }

    /// <summary>Where each tree lies.</summary>
    internal IReadOnlyList<ForestTree> Trees { get; }

    /// <summary>What a leaf adds: targets and weights.</summary>
    internal IEnumerable<(int Target, float Weight)> Leaf(ForestTree tree, int leaf)
    {
        int first = (tree.FirstLeaf + leaf) * width;
        for (int i = 0; i < width; i++)
        {
            yield return (kind switch { TreeTargets.All => i, TreeTargets.OfWeight => targets[first + i], _ => targets[tree.Number] }, weights[first + i]);
        }
    }

    private IEnumerable<ForestTree> ReadTrees()
    {
        int split = 0;
        int leaf = 0;
        for (int tree = 0; tree < Count; tree++)
        {
            int splits = counts[tree * stride];
            int[] leaves = [.. Children.Skip(2 * split).Take(2 * splits).Where(child => child < 0).Select(child => -1 - child).Distinct()];
            yield return new ForestTree(tree, split, splits, leaf, leaves);
            split += splits;
            leaf += stride == 1 ? 0 : counts[(tree * stride) + 1];
        }
    }

    // Exact: a code has 15 bits, and the product is a normal float32 or 0.
    private float[] ReadThresholds()
    {
        if (record.Inputs[TreeEnsembleRule.Thresholds].Type == TensorType.Float32)
        {
            return Floats(TreeEnsembleRule.Thresholds);
        }

        int[] exponents = Integers(TreeEnsembleRule.Exponents, IntegerConstant.Signed);
        return [.. Integers(TreeEnsembleRule.Thresholds, IntegerConstant.Signed).Select((code, split) => MathF.ScaleB(code, exponents[Features[split]]))];
    }

    private float[] Floats(int position)
    {
        TensorInfo tensor = record.Inputs[position];
        return MemoryMarshal.Cast<byte, float>(record.Bytes.Memory.Span.Slice(tensor.Offset, tensor.Bytes)).ToArray();
    }

    private int[] Unsigned(int position) => Integers(position, IntegerConstant.Unsigned);

    private int[] Integers(int position, Func<ModelBytes, TensorInfo, int, int> read) =>
        [.. Enumerable.Range(0, record.Inputs[position].Elements).Select(i => read(record.Bytes, record.Inputs[position], i))];
}

/// <summary>Where one tree lies in its forest.</summary>
/// <param name="Number">Which tree it is.</param>
/// <param name="FirstSplit">Its first split.</param>
/// <param name="Splits">Number of its splits.</param>
/// <param name="FirstLeaf">What is added to the number of a leaf.</param>
/// <param name="Leaves">The leaves that its splits name.</param>
internal sealed record ForestTree(int Number, int FirstSplit, int Splits, int FirstLeaf, int[] Leaves);
