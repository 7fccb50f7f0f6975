using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>The same elements in another shape.</summary>
internal sealed class Reshape : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Reshape;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One((_, inputs) => inputs[0]!);

    /// <inheritdoc/>
    internal override bool KeepsScale => true;

    /// <inheritdoc/>
    internal override bool IsView => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        if (record.Inputs[0].Offset != record.Outputs[0].Offset)
        {
            cost.Run("byte", record.Outputs[0].Bytes);
        }
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16 && record.Inputs[0].Storage != TensorStorage.Constant
        ? (_, _) => { }
        : null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => moving.Time.Reshaped(node.Input(0).Shape, node.Output.Shape, frames.Steps) is { } reshaped
        ? frames.Copy(node, reshaped)
        : "mixes the frames of the sequence";

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => mover.MoveIntoDense(node, permutation);

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Move(node, precision);
}
