using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Activation: a function of one number, or PReLU with a slope for each channel.</summary>
internal sealed class Activation : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Activation;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Activation);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override int? ActivationPosition => ActivationRule.Kind;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost) => cost.Activation(record, record.Outputs[0].Elements);

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type == TensorType.Float32 ? (code, activation) => code.Activation(activation) : null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => StreamElements(frames, node, moving);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => node.Inputs.Count == 1 && mover.Move(node, permutation);

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Function(node, precision);
}
