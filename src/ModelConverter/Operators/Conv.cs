using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Convolution over two axes, channels last, in groups.</summary>
internal sealed class Conv : WeightLayer
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Conv;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Conv);

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) =>
        OperatorShapes.Elements(shapes.Output) * (OperatorShapes.Elements(shapes.Inputs[1]) / shapes.Inputs[1][0]);

    /// <summary>Dense for each window, which is copied line by line; one channel in each group: a plane of one channel, and its sums.</summary>
    internal override KernelCost TableCost(OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo weights = record.Inputs[1];
        TensorInfo output = record.Outputs[0];
        int taps = weights.Dimension(1) * weights.Dimension(2);
        if (record.Int(ConvRule.Groups) > 1 && weights.Dimension(3) == 1)
        {
            int place = output.Dimension(1) * output.Dimension(2);
            int plane = input.Dimension(1) * input.Dimension(2) * TensorTypes.SizeOf(input.Type);
            return new KernelCost((long)output.Elements * (95 + (8 * taps)), (int)((place * 4L) + plane + (weights.Dimension(0) * 16)) + (7 * KernelCost.ArrayOverhead));
        }

        int units = weights.Dimension(0);
        int depth = weights.Elements / units;
        long places = output.Elements / units;
        KernelCost dense = Matrix(record, places, depth, units);
        return new KernelCost(dense.Instructions + (places * (60 + (45 * weights.Dimension(1)))), dense.Ram + (2 * depth * TensorTypes.SizeOf(input.Type)));
    }

    /// <inheritdoc/>
    internal override string? ChunkObstacle(OperatorRecord record) =>
        record.Inputs[0].Type == TensorType.Float32 ? WeightsInRam(record, ", or export the model in int8") : null;

    /// <summary>Dense with weights in chunks for each window, which is copied once for each chunk; a plane of one channel needs no more than in RAM.</summary>
    internal override KernelCost ChunkedCost(OperatorRecord record)
    {
        TensorInfo weights = record.Inputs[1];
        if (record.Int(ConvRule.Groups) > 1 && weights.Dimension(3) == 1)
        {
            return TableCost(record);
        }

        int units = weights.Dimension(0);
        int depth = weights.Elements / units;
        long places = record.Outputs[0].Elements / units;
        KernelCost dense = ChunkedMatrix(record, places, depth, units);
        long chunks = (weights.Elements + KernelCost.ChunkBytes - 1) / KernelCost.ChunkBytes;
        return new KernelCost(dense.Instructions + (chunks * places * (60 + (45 * weights.Dimension(1)))), dense.Ram + (2 * depth));
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override int? Frames(Node node)
    {
        for (int axis = 1; axis <= 2; axis++)
        {
            if (Window(node, axis) is { Span: > 0, IsCausal: true })
            {
                return node.Input(0).Shape[axis];
            }
        }

        return null;
    }

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving)
    {
        TimeAxis time = moving.Time;
        if (time.Width > 1 || time.Axis is 0 or 3)
        {
            return NeedsWholeSequence;
        }

        CausalWindow window = Window(node, time.Axis);
        if (!window.IsCausal)
        {
            return "reads frames after the one of its output, or skips some; only causal convolutions can be streamed";
        }

        return window.Span == 0 ? frames.Copy(node, time) : frames.Causal(node, time, window.Span);
    }

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) =>
        precision == Precision.Int8 && forms.Layer(node, precision, node.Parameters[ConvRule.Groups], hasOneWindow: true);

    private static CausalWindow Window(Node node, int axis) => CausalWindow.Of(
        node, axis, node.Input(1).Shape[axis], node.Parameters[ConvRule.Stride + axis - 1], node.Parameters[ConvRule.Dilation + axis - 1], node.Parameters[ConvRule.Pad + axis - 1]);
}
