using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Elements of each axis from a start on, by a step.</summary>
internal sealed class Slice : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Slice;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Slice);

    /// <inheritdoc/>
    internal override bool KeepsScale => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        int[] own = RowWalk.Own(record.Inputs[0]);
        cost.Movement(record, [.. own.Select((step, axis) => step * record.Int(SliceRule.Step + axis))]);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16 ? (code, slice) => code.Move(slice) : null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving)
    {
        TimeAxis time = moving.Time;
        int size = node.Output.Shape[time.Axis];
        int start = node.Parameters[SliceRule.Start + time.Axis];
        if (size == node.Input(0).Shape[time.Axis] && node.Parameters[SliceRule.Step + time.Axis] == 1)
        {
            return frames.Copy(node, time);
        }

        if (size != time.Width || start != (frames.Steps - 1) * time.Width || (size > 1 && node.Parameters[SliceRule.Step + time.Axis] != 1))
        {
            return "takes frames of the sequence other than the last";
        }

        Value input = frames.Rewritten(node.Input(0));
        Value twin = frames.Twin(node.Output, null);
        if (twin.Shape.AsSpan().SequenceEqual(input.Shape))
        {
            frames.Become(node.Output, input);
            return null;
        }

        // A step longer than the axis is refused by the rule, and one element needs none.
        frames.Add(node, [input], [twin]).With(SliceRule.Start + time.Axis, (frames.Frames - 1) * time.Width).With(SliceRule.Step + time.Axis, 1);
        return null;
    }

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => MoveLists(mover, node, permutation, SliceRule.Start, SliceRule.Step);

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Move(node, precision);
}
