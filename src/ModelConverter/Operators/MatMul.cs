using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>A product of matrices of which neither need be constant.</summary>
internal sealed class MatMul : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.MatMul;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.MatMul);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => OperatorShapes.Elements(shapes.Output) * shapes.Inputs[0][^1];

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        TensorInfo output = record.Outputs[0];
        long depth = record.Inputs[0].LastDimension;
        cost.Run("row", output.Elements / Math.Max(1, output.LastDimension));
        cost.Run("element", output.Elements);
        cost.Run("product", output.Elements * depth);
        cost.Constants(record);
        cost.Hold("column", output.LastDimension);
        cost.Hold("matrix", output.LastDimension * depth);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => NeedsWholeSequence;

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;
}
