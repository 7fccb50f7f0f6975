using System.Numerics;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Decision trees, added up.</summary>
internal sealed class TreeEnsemble : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.TreeEnsemble;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.TreeEnsemble);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override bool ReadsIntegers => true;

    /// <inheritdoc/>
    internal override double Work(Node node) => node.Input(3).Elements * 10.0;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override KernelCost TableCost(OperatorRecord record)
    {
        const int NodeInts = 4;
        long trees = record.Inputs[3].Elements;
        long rows = record.Inputs[0].Elements / record.Inputs[0].LastDimension;

        // A balanced tree of n nodes has about log2 n levels.
        int levels = BitOperations.Log2((uint)(record.Inputs[1].Elements / NodeInts / trees)) + 1;
        return new KernelCost((rows * trees * (60 + (levels * 34L))) + (record.Outputs[0].Elements * 40L), KernelCost.Constants(record));
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
