using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>A tensor with more elements around it.</summary>
internal sealed class Pad : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Pad;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Pad);

    /// <inheritdoc/>
    internal override bool KeepsScale => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        TensorInfo x = record.Inputs[0];
        TensorInfo y = record.Outputs[0];
        int axes = x.Rank;
        double run = 1;
        while (axes > 0 && x.Dimension(axes - 1) == y.Dimension(axes - 1))
        {
            axes--;
            run *= x.Dimension(axes);
        }

        double rows = axes == 0 ? 1 : y.Elements / (run * y.Dimension(axes - 1));
        double copied = axes == 0 ? 1 : x.Elements / (run * x.Dimension(axes - 1));
        cost.RunShared("Pad: row", rows);
        cost.RunShared("Pad: place", (record.Int(PadRule.Mode) == (int)PadMode.Constant ? copied : rows) * (axes == 0 ? 0 : y.Dimension(axes - 1) - x.Dimension(axes - 1)));
        cost.RunShared("movement: byte", y.Bytes);
        cost.HoldShared("Pad: axis", axes);
        cost.HoldShared("Pad: place", Enumerable.Range(0, axes).Sum(y.Dimension));
        cost.HoldShared("Pad: byte", axes == 0 ? y.Bytes / Math.Max(1, y.Elements) : run * y.Dimension(axes - 1) * (y.Bytes / Math.Max(1, y.Elements)));
        cost.Constants(record, 0);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16 ? (code, pad) => code.Pad(pad) : null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) =>
        node.Output.Shape[moving.Time.Axis] != node.Input(0).Shape[moving.Time.Axis] ? "pads the sequence" : frames.Copy(node, moving.Time);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => MoveLists(mover, node, permutation, PadRule.Before);

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Pad(node, precision);
}
