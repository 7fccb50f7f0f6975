using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>A sum, mean, extreme or the like over some axes.</summary>
internal sealed class Reduce : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Reduce;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Reduce);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        cost.Run("output", record.Outputs[0].Elements);
        cost.Run("row", RowWalk.Of(record.Inputs[0], Steps(record)).Rows);
        cost.Run(((ReduceKind)record.Int(0)).ToString(), record.Inputs[0].Elements);
        cost.Hold("output", record.Outputs[0].Elements);
    }

    // From one place of each axis of the input to the next, in the output.
    private static int[] Steps(OperatorRecord record)
    {
        int[] steps = new int[record.Inputs[0].Rank];
        int step = 1;
        for (int axis = steps.Length - 1; axis >= 0; axis--)
        {
            if ((record.Int(ReduceRule.Axes) & (1 << axis)) == 0)
            {
                steps[axis] = step;
                step *= record.Inputs[0].Dimension(axis);
            }
        }

        return steps;
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type switch
    {
        TensorType.Float32 when (ReduceKind)record.Int(ReduceRule.Kind) is ReduceKind.Sum or ReduceKind.Mean or ReduceKind.Max or ReduceKind.Min or ReduceKind.L1 or ReduceKind.SumSquare => (code, reduce) => code.ReduceFloat32(reduce),
        TensorType.Int8 or TensorType.Int16 => (code, reduce) => code.ReduceQuantized(reduce),
        _ => null,
    };

    /// <inheritdoc/>
    internal override string? CodeObstacle(OperatorRecord record) =>
        Code(record) is null ? $"Code cannot be emitted for Reduce {(ReduceKind)record.Int(ReduceRule.Kind)} on {record.Inputs[0].Type}; use the table form, --form table." : null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving)
    {
        int axes = node.Parameters[ReduceRule.Axes];
        if ((axes & (1 << moving.Time.Axis)) != 0)
        {
            return NeedsWholeSequence;
        }

        bool kept = node.Output.Shape.Length == node.Input(0).Shape.Length;
        int vanished = kept ? 0 : Enumerable.Range(0, moving.Time.Axis).Count(axis => (axes & (1 << axis)) != 0);
        return frames.Copy(node, moving.Time with { Axis = moving.Time.Axis - vanished });
    }

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation)
    {
        int axes = node.Parameters[ReduceRule.Axes];
        int moved = 0;
        for (int axis = 0; axis < permutation.Length; axis++)
        {
            moved |= (axes & (1 << axis)) != 0 ? 1 << permutation[axis] : 0;
        }

        int[] left = Array.FindAll(permutation, axis => (moved & (1 << axis)) == 0);
        bool ordered = left.AsSpan().SequenceEqual([.. left.Order()]);
        if (ordered && node.Output.Shape.Length < permutation.Length)
        {
            // What is left stands in its old order already.
            node.Inputs[0] = mover.Before(node.Input(0));
        }
        else if (node.Output.Shape.Length != permutation.Length || !mover.Move(node, permutation))
        {
            return false;
        }

        node.Parameters[ReduceRule.Axes] = moved;
        return true;
    }

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Reduce(node, precision);
}
