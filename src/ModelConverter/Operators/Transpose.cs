using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>The same elements with the axes in another order.</summary>
internal sealed class Transpose : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Transpose;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Transpose);

    /// <inheritdoc/>
    internal override bool KeepsScale => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        int[] own = RowWalk.Own(record.Inputs[0]);
        cost.Movement(record, [.. Enumerable.Range(0, own.Length).Select(axis => own[record.Int(TransposeRule.Permutation + axis)])]);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16 ? (code, transpose) => code.Move(transpose) : null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving)
    {
        int rank = node.Output.Shape.Length;
        int[] permutation = node.Parameters[TransposeRule.Permutation..(TransposeRule.Permutation + rank)];
        Value twin = frames.Twin(node.Output, moving.Time with { Axis = Array.IndexOf(permutation, moving.Time.Axis) });
        Value input = frames.Rewritten(node.Input(0));

        // With one frame a call, axes of one element often are all that moves.
        int[] kept = [.. permutation.Where(axis => input.Shape[axis] > 1)];
        if (kept.SequenceEqual(kept.Order()))
        {
            frames.AddReshape(node.Name, input, twin);
            return null;
        }

        frames.Add(node, [input], [twin]);
        return null;
    }

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Move(node, precision);
}
