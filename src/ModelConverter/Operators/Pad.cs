using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>A tensor with more elements around it.</summary>
internal sealed class Pad : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Pad;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Pad);

    /// <inheritdoc/>
    internal override bool KeepsScale => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        cost.Movement(record);
        cost.Run("border", record.Outputs[0].Elements - record.Inputs[0].Elements);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) =>
        node.Output.Shape[moving.Time.Axis] != node.Input(0).Shape[moving.Time.Axis] ? "pads the sequence" : frames.Copy(node, moving.Time);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => MoveLists(mover, node, permutation, PadRule.Before);

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Pad(node, precision);
}
