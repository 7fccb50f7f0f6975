using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Softmax over the last axis.</summary>
internal sealed class Softmax : OperatorDefinition
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Softmax;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One((node, inputs) => DoubleKernels.Softmax(node, inputs, node.Float(SoftmaxRule.Beta), logarithm: false));

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override string? CodeObstacle(OperatorRecord record)
    {
        int classes = record.Inputs[0].LastDimension;
        return base.CodeObstacle(record) ?? (classes > MostClasses(record.Inputs[0].Type) ? $"Softmax over {classes} classes is too wide for emitted code; use the table form, --form table." : null);
    }

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost) => cost.Rows(record);

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type switch
    {
        TensorType.Float32 => (code, softmax) => code.SoftmaxFloat32(softmax),
        TensorType.Int8 => (code, softmax) => code.SoftmaxInt8(softmax),
        TensorType.Int16 => (code, softmax) => code.SoftmaxInt16(softmax),
        _ => null,
    };

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => StreamRows(frames, node, moving);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Softmax(node, precision);

    // A method holds a whole row in locals: two for each class of float32, and in int16 the exponentials of long expressions.
    private static int MostClasses(TensorType type) => type switch
    {
        TensorType.Float32 => 100,
        TensorType.Int8 => 200,
        TensorType.Int16 => 90,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
