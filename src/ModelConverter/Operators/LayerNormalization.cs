using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Mean 0 and variance 1 over the last axes.</summary>
internal sealed class LayerNormalization : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.LayerNormalization;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.LayerNormalization);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        long depth = 1;
        for (int axis = 1; axis <= record.Int(LayerNormalizationRule.Axes); axis++)
        {
            depth *= record.Inputs[0].Dimension(record.Inputs[0].Rank - axis);
        }

        cost.Run("row", record.Inputs[0].Elements / Math.Max(1, depth));
        cost.Run("element", record.Inputs[0].Elements);
        cost.Constants(record);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) =>
        moving.Time.Axis >= moving.Value.Shape.Length - node.Parameters[LayerNormalizationRule.Axes] ? NeedsWholeSequence : frames.Copy(node, moving.Time);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;
}
