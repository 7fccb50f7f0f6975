using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>A matrix of constant weights, applied to each row.</summary>
internal sealed class Dense : WeightLayer
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Dense;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Dense);

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => OperatorShapes.Elements(shapes.Output) * shapes.Inputs[1][^1];

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        (long rows, long depth, long units) = Size(record);
        Matrix(cost, record, rows, depth, units);
    }

    /// <inheritdoc/>
    internal override void ChunkedCost(OperatorRecord record, CostTerms cost)
    {
        (long rows, long depth, long units) = Size(record);
        ChunkedMatrix(cost, record, rows, depth, units);
    }

    /// <inheritdoc/>
    internal override string? ChunkObstacle(OperatorRecord record) =>
        record.Inputs[0].Type == TensorType.Float32 ? WeightsInRam(record, ", or export the model in int8 or int16") : null;

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type switch
    {
        TensorType.Float32 => (code, dense) => code.DenseFloat32(dense),
        TensorType.Int8 or TensorType.Int16 => (code, dense) => code.DenseFixedPoint(dense),
        _ => null,
    };

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => StreamRows(frames, node, moving);

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Layer(node, precision, 1, hasOneWindow: true);

    // A unit with weights of 16 bits costs as much as two.
    private static (long Rows, long Depth, long Units) Size(OperatorRecord record)
    {
        int depth = record.Inputs[1].LastDimension;
        return (record.Inputs[0].Elements / depth, depth, record.Inputs[1].Elements / depth);
    }
}
