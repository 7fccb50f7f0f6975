using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Running sums along an axis.</summary>
internal sealed class CumSum : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.CumSum;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(Sum);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost) => cost.Run("element", record.Outputs[0].Elements);

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) =>
        moving.Time.Axis == node.Parameters[CumSumRule.Axis] ? NeedsWholeSequence : frames.Copy(node, moving.Time);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation)
    {
        if (!mover.Move(node, permutation))
        {
            return false;
        }

        node.Parameters[CumSumRule.Axis] = permutation[node.Parameters[CumSumRule.Axis]];
        return true;
    }

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;

    private static double[] Sum(Node node, double[]?[] inputs)
    {
        int axis = node.Parameters[CumSumRule.Axis];
        int[] shape = node.Input(0).Shape;
        int step = shape[(axis + 1)..].Aggregate(1, (product, size) => product * size);
        bool reverse = node.Parameters[CumSumRule.Reverse] != 0;
        bool exclusive = node.Parameters[CumSumRule.Exclusive] != 0;
        double[] x = inputs[0]!;
        var y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int place = i / step % shape[axis];
            for (int k = 0; k < shape[axis]; k++)
            {
                bool isBefore = reverse ? k > place : k < place;
                y[i] += isBefore || (k == place && !exclusive) ? x[i + ((k - place) * step)] : 0;
            }
        }

        return y;
    }
}
