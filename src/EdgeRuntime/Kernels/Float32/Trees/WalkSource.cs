using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>The trees of a file, as a walk's layout is made of them.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct WalkSource
{
    internal byte* Counts;
    internal byte* SplitFeatures;
    internal byte* Children;
    internal byte* Thresholds;
    internal byte* Comparisons;
    internal sbyte* Exponents;
    internal byte* Targets;
    internal float* LeafWeights;
    internal int Comparison;
    internal int Trees;
    internal int Splits;
    internal int Features;
    internal int Width;
    internal TensorType CountType;
    internal TensorType FeatureType;
    internal TensorType ChildType;
    internal TensorType TargetType;
    internal bool OwnLeaves;

    /// <summary>Whether a leaf's one weight is in its node.</summary>
    internal bool WeightsInLeaves;

    /// <summary>Whether a missing value goes to the first of two at any split; rows have a second list of keys then.</summary>
    internal bool HasMissingFirst;

    internal static WalkSource Of(in BindContext context, bool weightsInLeaves)
    {
        TensorInfo trees = context.Input(TreeEnsembleRule.Trees);
        TensorInfo features = context.Input(TreeEnsembleRule.Features);
        bool targets = context.Operator.Int(TreeEnsembleRule.Targets) == (int)TreeTargets.OfTree;
        return new WalkSource
        {
            Counts = context.InputData(TreeEnsembleRule.Trees),
            SplitFeatures = context.InputData(TreeEnsembleRule.Features),
            Children = context.InputData(TreeEnsembleRule.Children),
            Thresholds = context.InputData(TreeEnsembleRule.Thresholds),
            Comparisons = context.InputData(TreeEnsembleRule.Comparisons),
            Exponents = (sbyte*)context.InputData(TreeEnsembleRule.Exponents),
            Targets = targets ? context.InputData(TreeEnsembleRule.TargetInput) : null,
            LeafWeights = (float*)context.InputData(TreeEnsembleRule.Weights),
            Comparison = context.Operator.Int(TreeEnsembleRule.Comparison),
            Trees = trees.Dimension(0),
            Splits = features.Elements,
            Features = context.Input(0).LastDimension,
            Width = context.Input(TreeEnsembleRule.Weights).Dimension(1),
            CountType = trees.Type,
            FeatureType = features.Type,
            ChildType = context.Input(TreeEnsembleRule.Children).Type,
            TargetType = targets ? context.Input(TreeEnsembleRule.TargetInput).Type : default,
            OwnLeaves = trees.Rank == 2,
            WeightsInLeaves = weightsInLeaves,
        };
    }

    /// <summary>Splits of a tree.</summary>
    internal readonly int SplitsOf(int tree) => IntegerPointer.Unsigned(Counts, CountType, OwnLeaves ? 2 * tree : tree);

    /// <summary>Leaves of a tree; 0 where leaves are counted through all trees.</summary>
    internal readonly int LeavesOf(int tree) => OwnLeaves ? IntegerPointer.Unsigned(Counts, CountType, (2 * tree) + 1) : 0;

    /// <summary>The output that a tree adds to.</summary>
    internal readonly int TargetOf(int tree) => Targets == null ? 0 : IntegerPointer.Unsigned(Targets, TargetType, tree);

    /// <summary>The feature that a split compares.</summary>
    internal readonly int FeatureOf(int split) => IntegerPointer.Unsigned(SplitFeatures, FeatureType, split);

    /// <summary>Where a split leads: splits to skip, or −1 − leaf.</summary>
    internal readonly int Child(int split, int way) => IntegerPointer.Signed(Children, ChildType, (2 * (nint)split) + way);

    /// <summary>How a split compares, and what is missing there.</summary>
    internal readonly int Mode(int split) => Comparisons == null ? Comparison : Comparisons[split];

    /// <summary>What a split compares with.</summary>
    internal readonly float Threshold(int split) => Exponents == null
        ? ((float*)Thresholds)[split]
        : MathF.ScaleB(((short*)Thresholds)[split], Exponents[FeatureOf(split)]);
}
