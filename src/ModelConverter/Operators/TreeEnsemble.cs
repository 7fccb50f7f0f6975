using System.Numerics;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

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
    internal override double Work(Node node) => node.Input(3).Elements * 10.0;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        double rows = (double)record.Inputs[0].Elements / record.Inputs[0].LastDimension;
        TreeWalks walks = TreeWalks.Of(cost.Integers(record.Inputs[1]), cost.Integers(record.Inputs[3]));
        cost.Run("row", rows);
        cost.Run("tree", rows * record.Inputs[3].Elements);
        cost.Run("split", rows * walks.MeanSplits);
        cost.Run("weight", rows * walks.MeanWeights);
        cost.Run("target", record.Outputs[0].Elements);
        cost.Constants(record);
        cost.Hold("target", record.Outputs[0].LastDimension);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => StreamRows(frames, node, moving);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;
}
