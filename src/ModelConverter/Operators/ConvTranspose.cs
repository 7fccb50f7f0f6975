using EdgeInference.ModelConverter.Graphs;
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

    /// <summary>A matrix for each pixel, tap and group, whose sums are added to the output; the bias and the activation at the end.</summary>
    internal override KernelCost TableCost(OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo weights = record.Inputs[1];
        int groups = record.Int(ConvRule.Groups);
        int taps = weights.Dimension(1) * weights.Dimension(2);
        int units = weights.Dimension(0) / groups;
        long pixels = input.Elements / input.LastDimension;
        KernelCost matrix = Matrix(record, pixels * taps * groups, weights.Dimension(3), units);
        long sums = pixels * taps * groups * (40 + (units * 14L));
        long image = (long)record.Outputs[0].Dimension(1) * record.Outputs[0].Dimension(2) * record.Outputs[0].LastDimension;
        return new KernelCost(matrix.Instructions + sums + (record.Outputs[0].Elements * 20L), (matrix.Ram * taps * groups) + (input.Type == TensorType.Float32 ? 0 : (int)image * sizeof(int)));
    }

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
