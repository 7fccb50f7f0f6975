using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Transposed convolution over two axes, channels last, in groups.</summary>
internal sealed class ConvTranspose : WeightLayer
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.ConvTranspose;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.ConvTranspose);

    /// <summary>Each pixel of the input meets all weights of its group.</summary>
    internal override long MultiplyAccumulates(OperatorShapes shapes) =>
        OperatorShapes.Elements(shapes.Inputs[0]) / shapes.Inputs[0][^1] * OperatorShapes.Elements(shapes.Inputs[1]);

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo weights = record.Inputs[1];
        TensorInfo output = record.Outputs[0];
        long groups = record.Int(ConvRule.Groups);
        long taps = weights.Dimension(1) * weights.Dimension(2);
        long units = weights.Dimension(0) / groups;
        double parts = input.Dimension(0) * groups * Within(record, 0) * Within(record, 1);
        cost.Run("tap", (double)input.Elements / input.LastDimension * taps);
        cost.Run("part", parts);
        cost.Run("unit", parts * units);
        cost.Run("product", parts * units * weights.Dimension(3));
        cost.Run("output", output.Elements);
        cost.Activation(record, output.Elements);
        cost.Hold("weights", weights.Elements);
        cost.Hold("matrix", taps * groups);
        cost.Hold("output", output.Elements);
    }

    // Places of the output that the taps of all pixels fall on.
    private static double Within(OperatorRecord record, int axis) => WindowTaps.Within(
        record.Outputs[0].Dimension(axis + 1), record.Inputs[0].Dimension(axis + 1), record.Inputs[1].Dimension(axis + 1), record.Int(ConvRule.Stride + axis), record.Int(ConvRule.Dilation + axis), record.Int(ConvRule.Pad + axis));

    /// <inheritdoc/>
    internal override string? ChunkObstacle(OperatorRecord record) => WeightsInRam(record);

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => NeedsWholeSequence;

    /// <summary>Each place of its output meets other weights, so the mean error of the weights stays in the bias.</summary>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) =>
        precision == Precision.Int8 && forms.Layer(node, precision, node.Parameters[ConvRule.Groups], hasOneWindow: false);
}
