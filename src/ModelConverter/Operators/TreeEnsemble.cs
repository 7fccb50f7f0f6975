using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Decision trees, added up.</summary>
internal sealed class TreeEnsemble : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.TreeEnsemble;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.TreeEnsemble);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override bool ReadsIntegers => true;

    /// <inheritdoc/>
    internal override double Work(Node node) => Forest.CountTrees(node) * 10.0;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        TensorInfo trees = record.Inputs[TreeEnsembleRule.Trees];
        TensorInfo features = record.Inputs[TreeEnsembleRule.Features];
        double rows = (double)record.Inputs[0].Elements / record.Inputs[0].LastDimension;
        double leaves = rows * trees.Dimension(0);
        int larger = Largest(record);
        bool isPlain = larger < sizeof(int) && !record.HasInput(TreeEnsembleRule.Comparisons) && record.Int(TreeEnsembleRule.Comparison) == 0;
        cost.Run("row", rows);
        cost.Run("tree", leaves);
        cost.Run(isPlain ? "plain split" : "split", rows * MeanWalk.Of(record));
        cost.Run("weight", leaves * record.Inputs[TreeEnsembleRule.Weights].Dimension(1));
        cost.Run("target", record.Outputs[0].Elements);
        cost.Hold("target", record.Outputs[0].LastDimension);
        cost.Numbers(record.Inputs[TreeEnsembleRule.Thresholds].Elements * sizeof(float));
        foreach (int position in (int[])[TreeEnsembleRule.Weights, TreeEnsembleRule.Comparisons])
        {
            cost.Numbers(record.HasInput(position) ? record.Inputs[position].Bytes : 0);
        }

        // As int32.
        cost.Numbers(trees.Elements * sizeof(int));
        cost.Numbers(record.HasInput(TreeEnsembleRule.TargetInput) ? record.Inputs[TreeEnsembleRule.TargetInput].Elements * sizeof(int) : 0);

        // Features and children of one byte stay in the file.
        cost.Numbers(larger == 1 ? 0 : features.Elements * larger);
        cost.Numbers(larger == 1 ? 0 : 2 * features.Elements * larger);
    }

    /// <summary>As with the file in RAM, and features and children of one byte besides.</summary>
    internal override void ChunkedCost(OperatorRecord record, CostTerms cost)
    {
        Cost(record, cost);
        cost.Numbers(Largest(record) == 1 ? 3 * record.Inputs[TreeEnsembleRule.Features].Elements : 0);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => (code, trees) => code.Trees(trees);

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => StreamRows(frames, node, moving);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;

    private static int Largest(OperatorRecord record) =>
        Math.Max(TensorTypes.SizeOf(record.Inputs[TreeEnsembleRule.Features].Type), TensorTypes.SizeOf(record.Inputs[TreeEnsembleRule.Children].Type));
}
