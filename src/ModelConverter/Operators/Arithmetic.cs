using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Add, Sub, Mul and Div: they differ in the function.</summary>
internal abstract class Arithmetic : OperatorDefinition
{
    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One((node, inputs) => DoubleKernels.Binary(node, inputs, Compute));

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <summary>The function in double precision.</summary>
    protected abstract double Compute(double a, double b);

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        cost.Broadcast(record);
        cost.Activation(record, record.Outputs[0].Elements);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type switch
    {
        TensorType.Float32 => Write,
        TensorType.Int8 or TensorType.Int16 => (code, arithmetic) => code.ArithmeticQuantized(arithmetic),
        _ => null,
    };

    /// <summary>Writes the code for float32.</summary>
    protected abstract void Write(IEmittedCode code, OperatorRecord record);

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => frames.Broadcast(node);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) =>
        node.Output.Shape.Length == permutation.Length && mover.Move(node, permutation);

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Arithmetic(node, precision);
}
