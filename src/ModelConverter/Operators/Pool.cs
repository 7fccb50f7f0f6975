using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>MaxPool and AveragePool: they differ in what they make of a window.</summary>
internal abstract class Pool : OperatorDefinition
{
    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One((node, inputs) => DoubleKernels.Pool(node, inputs, IsMax));

    /// <summary>Whether it takes the largest element of a window.</summary>
    protected abstract bool IsMax { get; }

    /// <inheritdoc/>
    internal override bool KeepsScale => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override double Work(Node node) => (double)node.Output.Elements * node.Parameters[PoolRule.Kernel] * node.Parameters[PoolRule.Kernel + 1];

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        double places = (double)record.Outputs[0].Elements / record.Outputs[0].LastDimension;
        double lines = Within(record, 0) * record.Outputs[0].Dimension(0);
        double taps = lines * Within(record, 1);
        cost.Run("place", places);
        cost.Run("line", lines * record.Outputs[0].Dimension(2));
        cost.Run("tap", taps);
        cost.Run("element", record.Outputs[0].Elements);
        cost.Run("tap of an element", taps * record.Outputs[0].LastDimension);
        cost.Hold("axis", record.Outputs[0].Dimension(1) + record.Outputs[0].Dimension(2));
        cost.Hold("channel", record.Outputs[0].LastDimension);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => (code, pool) => code.Pool(pool);

    /// <inheritdoc/>
    internal override string? CodeObstacle(OperatorRecord record) => base.CodeObstacle(record) ?? WindowObstacle(record);

    // What emitted code adds in one sum; a real mean's parts are counted within the image.
    private string? WindowObstacle(OperatorRecord record)
    {
        long window = (long)record.Int(PoolRule.Kernel) * record.Int(PoolRule.Kernel + 1);
        long most = record.Inputs[0].Type switch
        {
            TensorType.Float32 => ReachesOutside(record, 0) || ReachesOutside(record, 1) ? FloatSums.Part : long.MaxValue,
            TensorType.Int8 => FixedPoint.MostOfMean(sbyte.MinValue),
            _ => FixedPoint.MostOfMean(short.MinValue),
        };
        return !IsMax && window > most
            ? $"AveragePool over a window of {window} elements is too large for emitted code; use the table form, --form table."
            : null;
    }

    private static bool ReachesOutside(OperatorRecord record, int axis) => record.Int(PoolRule.Pad + axis) > 0
        || ((record.Outputs[0].Dimension(axis + 1) - 1) * record.Int(PoolRule.Stride + axis)) + ((record.Int(PoolRule.Kernel + axis) - 1) * record.Int(PoolRule.Dilation + axis)) >= record.Inputs[0].Dimension(axis + 1);

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving)
    {
        TimeAxis time = moving.Time;
        return time.Width > 1 || time.Axis is 0 or 3 || Window(node, time.Axis) is not { Span: 0, IsCausal: true }
            ? NeedsWholeSequence : frames.Copy(node, time);
    }

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Pool(node, precision);

    private static double Within(OperatorRecord record, int axis) => WindowTaps.Within(
        record.Inputs[0].Dimension(axis + 1), record.Outputs[0].Dimension(axis + 1), record.Int(PoolRule.Kernel + axis), record.Int(PoolRule.Stride + axis), record.Int(PoolRule.Dilation + axis), record.Int(PoolRule.Pad + axis));

    private static CausalWindow Window(Node node, int axis) => CausalWindow.Of(
        node, axis, node.Parameters[PoolRule.Kernel + axis - 1], node.Parameters[PoolRule.Stride + axis - 1], node.Parameters[PoolRule.Dilation + axis - 1], node.Parameters[PoolRule.Pad + axis - 1]);
}
