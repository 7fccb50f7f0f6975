using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Tensors one after the other along an axis.</summary>
internal sealed class Concat : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Concat;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Concat);

    /// <inheritdoc/>
    internal override bool KeepsScale => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override KernelCost TableCost(OperatorRecord record) => KernelCost.PerElement(record, 30);

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) =>
        moving.Time.Axis == node.Parameters[ConcatRule.Axis] ? "joins the frames with other data" : frames.Broadcast(node);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation)
    {
        if (!mover.Move(node, permutation))
        {
            return false;
        }

        node.Parameters[ConcatRule.Axis] = permutation[node.Parameters[ConcatRule.Axis]];
        return true;
    }

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Concat(node, precision);
}
