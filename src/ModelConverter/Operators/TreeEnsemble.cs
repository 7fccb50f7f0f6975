using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

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
    internal override double Work(Node node) => Forest.CountTrees(node) * 10.0;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override KernelCost TableCost(OperatorRecord record)
    {
        const int Level = 40;
        const int Tree = 100;
        const int Weight = 45;
        TensorInfo trees = record.Inputs[TreeEnsembleRule.Trees];
        long count = trees.Dimension(0);
        long rows = record.Inputs[0].Elements / record.Inputs[0].LastDimension;
        int width = record.Inputs[TreeEnsembleRule.Weights].Dimension(1);
        double levels = MeanWalk.Of(record);
        long instructions = (long)(rows * ((levels * Level) + (count * (Tree + (width * Weight))))) + (record.Outputs[0].Elements * 40L);

        // Features and children of one byte stay in the file.
        int splits = record.Inputs[TreeEnsembleRule.Features].Elements;
        int larger = Math.Max(TensorTypes.SizeOf(record.Inputs[TreeEnsembleRule.Features].Type), TensorTypes.SizeOf(record.Inputs[TreeEnsembleRule.Children].Type));
        int ram = (splits * 4) + (larger == 1 ? 0 : splits * 3 * larger) + (trees.Elements * 4) + record.Inputs[TreeEnsembleRule.Weights].Bytes
            + (record.Outputs[0].LastDimension * 8) + (6 * KernelCost.ArrayOverhead);
        return new KernelCost(instructions, ram);
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
