using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Convolution over two axes, channels last, in groups.</summary>
internal sealed class Conv : WeightLayer
{
    // An object with 20 numbers, and one with four and an array: blocks of 12 bytes.
    private const double WindowBytes = 252;
    private const double TapsBytes = 84;

    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Conv;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.Conv);

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) =>
        OperatorShapes.Elements(shapes.Output) * (OperatorShapes.Elements(shapes.Inputs[1]) / shapes.Inputs[1][0]);

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo weights = record.Inputs[1];
        TensorInfo output = record.Outputs[0];
        long taps = weights.Dimension(1) * weights.Dimension(2);
        long groups = record.Int(ConvRule.Groups);
        long channels = weights.Dimension(0);
        double places = (double)output.Elements / channels;
        if (groups > 1 && weights.Dimension(3) == 1)
        {
            // A plane of one channel after the other; nine taps are added together.
            cost.Run("depthwise channel", channels * output.Dimension(0));
            cost.Run("depthwise line", (double)channels * output.Dimension(0) * output.Dimension(1) * ((taps / 9) + (taps % 9)));
            cost.Run("depthwise element", output.Elements);
            cost.Run("depthwise tap", (double)output.Elements * (taps % 9));
            cost.Run("depthwise nine taps", (double)output.Elements * (taps / 9));
            cost.Run("depthwise input", input.Elements);
            cost.Activation(record, output.Elements);
            int plane = output.Dimension(1) * output.Dimension(2);
            if (input.Type == TensorType.Float32)
            {
                cost.Hold("depthwise place", plane);
            }
            else
            {
                MatrixCost.Sums(cost, input.Type, plane);
            }

            double reached = (double)TensorTypes.SizeOf(input.Type) * Reached(record, 0) * Reached(record, 1);
            if (MatrixCost.SharesFactors(input.Type, places))
            {
                MatrixCost.Factors(cost, channels, reached);
            }
            else
            {
                cost.Hold("depthwise plane", reached);
                cost.Hold("depthwise channel", channels);
            }

            Windows(record, cost, TapsBytes + (taps * sizeof(int)));
            cost.Hold("table", record.HasInput(5) ? 1 : 0);
            return;
        }

        long depth = weights.Elements / channels;
        Matrix(cost, record, places * groups, depth, channels / groups, groups);
        bool isPointwise = taps == 1 && groups == 1 && places * depth == input.Elements;
        if (!isPointwise)
        {
            cost.Run("window", places * groups);
            cost.Run("window line", places * groups * weights.Dimension(1));
            cost.Run("window element", places * groups * depth);
            cost.Hold("window", 2.0 * depth * TensorTypes.SizeOf(input.Type));
            Windows(record, cost, 0);
        }
    }

    /// <inheritdoc/>
    internal override string? ChunkObstacle(OperatorRecord record) =>
        record.Inputs[0].Type == TensorType.Float32 ? WeightsInRam(record, ", or export the model in int8") : null;

    /// <summary>Dense with weights in chunks for each window, which is copied once for each chunk; a plane of one channel needs no more than in RAM.</summary>
    internal override void ChunkedCost(OperatorRecord record, CostTerms cost)
    {
        TensorInfo weights = record.Inputs[1];
        int groups = record.Int(ConvRule.Groups);
        if (groups > 1 && weights.Dimension(3) == 1)
        {
            Cost(record, cost);
            return;
        }

        int channels = weights.Dimension(0);
        double windows = (double)record.Outputs[0].Elements / channels * groups;
        int depth = weights.Elements / channels;
        double chunks = Math.Ceiling((double)weights.Elements / groups / MatrixCost.ChunkBytes);
        ChunkedMatrix(cost, record, windows, depth, channels / groups);
        cost.Run("window", chunks * windows);
        cost.Run("window line", chunks * windows * weights.Dimension(1));
        cost.Run("window element", chunks * windows * depth);
        cost.Hold("window", 2.0 * depth * TensorTypes.SizeOf(record.Inputs[0].Type));
        Windows(record, cost, 0);
    }

    private static void Windows(OperatorRecord record, CostTerms cost, double taps)
    {
        string key = string.Join(' ', ((TensorInfo[])[record.Inputs[0]!, record.Inputs[1]!, record.Outputs[0]]).SelectMany(tensor => Enumerable.Range(0, tensor.Rank).Select(tensor.Dimension))
            .Concat(Enumerable.Range(ConvRule.Stride, ConvRule.Groups - ConvRule.Stride + 1).Select(record.Int)));
        cost.Windows(key, WindowBytes + taps);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => (code, convolution) => code.Convolution(convolution);

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
        forms.Layer(node, precision, node.Parameters[ConvRule.Groups], hasOneWindow: true);

    // The axis with its padding before, or as far as windows reach.
    private static int Reached(OperatorRecord record, int axis) => Math.Max(
        record.Int(ConvRule.Pad + axis) + record.Inputs[0].Dimension(axis + 1),
        ((record.Outputs[0].Dimension(axis + 1) - 1) * record.Int(ConvRule.Stride + axis)) + ((record.Inputs[1].Dimension(axis + 1) - 1) * record.Int(ConvRule.Dilation + axis)) + 1);

    private static CausalWindow Window(Node node, int axis) => CausalWindow.Of(
        node, axis, node.Input(1).Shape[axis], node.Parameters[ConvRule.Stride + axis - 1], node.Parameters[ConvRule.Dilation + axis - 1], node.Parameters[ConvRule.Pad + axis - 1]);
}
