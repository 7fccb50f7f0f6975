using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>float32 to int8 or int16.</summary>
internal sealed class Quantize : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Quantize;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => null;

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override bool IsConversion => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        cost.Run("element", record.Outputs[0].Elements);
        cost.Run("by feature", record.InputCount > 1 ? record.Outputs[0].Elements : 0);
        cost.Constants(record);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type == TensorType.Float32 ? (code, quantize) => code.Quantize(quantize) : null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => StreamElements(frames, node, moving);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => node.Inputs.Count == 1 && mover.Move(node, permutation);

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;
}
