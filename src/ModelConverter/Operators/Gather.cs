using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Elements of an axis by their indices.</summary>
internal sealed class Gather : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Gather;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Gather);

    /// <inheritdoc/>
    internal override bool KeepsScale => true;

    /// <inheritdoc/>
    internal override bool ReadsIntegers => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        TensorInfo x = record.Inputs[0];
        double length = 1;
        for (int axis = record.Int(GatherRule.Axis) + 1; axis < x.Rank; axis++)
        {
            length *= x.Dimension(axis);
        }

        cost.RunShared("Gather: part", record.Outputs[0].Elements / length);
        cost.RunShared("movement: byte", record.Outputs[0].Bytes);
        cost.RunShared("Gather: computed index", record.Inputs[1].Type == TensorType.Float32 ? record.Inputs[1].Elements : 0);
        cost.Hold("index", record.Inputs[1].Type == TensorType.Float32 ? record.Inputs[1].Elements : 0);
        cost.Constants(record, 0);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving)
    {
        TimeAxis time = moving.Time;
        Value indices = node.Input(1);
        int axis = node.Parameters[GatherRule.Axis];
        if (!indices.IsConstant)
        {
            return "takes frames that the model computes";
        }

        if (axis != time.Axis)
        {
            return frames.Copy(node, axis > time.Axis ? time : time with { Axis = time.Axis + indices.Shape.Length - 1 });
        }

        if (time.Width > 1 || indices.Data is not int[] { Length: 1 } position || position[0] != frames.Steps - 1)
        {
            return "takes frames of the sequence other than the last";
        }

        frames.Add(node, [frames.Rewritten(node.Input(0)), Value.Constant(indices.Name, [frames.Frames - 1], indices.Shape)], [frames.Twin(node.Output, null)]);
        return null;
    }

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Move(node, precision);
}
