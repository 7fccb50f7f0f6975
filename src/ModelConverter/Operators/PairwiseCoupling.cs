using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Class probabilities from those of pairs of classes.</summary>
internal sealed class PairwiseCoupling : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.PairwiseCoupling;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.PairwiseCoupling);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        long classes = record.Outputs[0].LastDimension;
        cost.Run("element", record.Outputs[0].Elements);
        cost.Run("pair", record.Outputs[0].Elements * classes);
        cost.Hold("class", classes);
        cost.Hold("pair", classes * classes);
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
