using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Table: a function of a quantized number, looked up or interpolated.</summary>
internal sealed class Table : OperatorDefinition
{
    // One table for all channels.
    private const int OneTable = 256;

    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Table;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => null;

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        cost.Run("element", record.Outputs[0].Elements);
        cost.Constants(record);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type switch
    {
        TensorType.Int8 => (code, table) => code.Table(table),
        TensorType.Int16 => (code, table) => code.Interpolation(table),
        _ => null,
    };

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => frames.Copy(node, moving.Time);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => node.Input(1).Elements == OneTable && mover.Move(node, permutation, 1);

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;
}
