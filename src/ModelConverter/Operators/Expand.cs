using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Elements repeated along axes of size 1.</summary>
internal sealed class Expand : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Expand;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One((node, inputs) => DoubleKernels.Broadcast(inputs[0]!, node.Input(0).Shape, node.Output.Shape));

    /// <inheritdoc/>
    internal override bool KeepsScale => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost) => cost.Movement(record, RowWalk.Spread(record.Inputs[0], record.Outputs[0]));

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16 ? (code, expand) => code.Move(expand) : null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => frames.Broadcast(node);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Move(node, precision);
}
