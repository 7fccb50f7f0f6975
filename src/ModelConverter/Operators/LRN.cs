using EdgeInference.ModelConverter.Graphs;
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
    internal override KernelCost TableCost(OperatorRecord record) => new(record.Outputs[0].Elements * (250L + (12L * record.Int(LRNRule.Size))), 0);

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => StreamRows(frames, node, moving);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;
}
