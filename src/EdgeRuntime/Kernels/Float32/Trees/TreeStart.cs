using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>Where a tree begins, added up once from the numbers of splits and leaves in the file.</summary>
internal unsafe struct TreeStart
{
    /// <summary>Its first split.</summary>
    internal int Split;

    /// <summary>Its leaf 0.</summary>
    internal int Leaf;

    /// <summary>What its leaves are for, 0 where they say that themselves.</summary>
    internal int Target;

    /// <summary>One for each tree, shared by all sessions.</summary>
    internal static TreeStart* Bind(in BindContext context)
    {
        TensorInfo trees = context.Input(TreeEnsembleRule.Trees);
        bool targets = context.Operator.Int(TreeEnsembleRule.Targets) == (int)TreeTargets.OfTree;
        var source = new Source
        {
            Counts = context.InputData(TreeEnsembleRule.Trees),
            CountType = trees.Type,
            Trees = trees.Dimension(0),
            OwnLeaves = trees.Rank == 2,
            Targets = targets ? context.InputData(TreeEnsembleRule.TargetInput) : null,
            TargetType = targets ? context.Input(TreeEnsembleRule.TargetInput).Type : default,
        };
        return (TreeStart*)context.Shared((long)source.Trees * sizeof(TreeStart), source, Fill);
    }

    private static void Fill(byte* destination, Source source)
    {
        var starts = (TreeStart*)destination;
        int split = 0;
        int leaf = 0;
        for (int i = 0; i < source.Trees; i++)
        {
            starts[i] = new TreeStart
            {
                Split = split,
                Leaf = leaf,
                Target = source.Targets == null ? 0 : IntegerPointer.Unsigned(source.Targets, source.TargetType, i),
            };
            split += IntegerPointer.Unsigned(source.Counts, source.CountType, source.OwnLeaves ? 2 * i : i);
            leaf += source.OwnLeaves ? IntegerPointer.Unsigned(source.Counts, source.CountType, (2 * i) + 1) : 0;
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Source
    {
        internal byte* Counts;
        internal byte* Targets;
        internal TensorType CountType;
        internal TensorType TargetType;
        internal int Trees;
        internal bool OwnLeaves;
    }
}
