using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Local response normalisation over the last axis.</summary>
internal sealed class LRN : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.LRN;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.LRN);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override double Work(Node node) => (double)node.Output.Elements * node.Parameters[LRNRule.Size];

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        cost.Run("element", record.Outputs[0].Elements);
        cost.Run("tap", record.Outputs[0].Elements * (double)Math.Min(record.Int(LRNRule.Size), record.Outputs[0].LastDimension));
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
