using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
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
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        long last = 1;
        for (int axis = record.Int(0); axis < record.Outputs[0].Rank; axis++)
        {
            last *= record.Outputs[0].Dimension(axis);
        }

        cost.Run("part", record.Outputs[0].Elements / last * record.Inputs.Length);
        cost.Run("byte", record.Outputs[0].Bytes);
        cost.Hold("part", record.Inputs.Length);
        cost.Constants(record);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16 ? (code, concat) => code.Concat(concat) : null;

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
