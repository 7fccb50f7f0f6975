using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>RNN, GRU, LSTM and QuantizedLSTM in one direction: they differ in the number of gates and in their reference.</summary>
internal abstract class RecurrentLayer : OperatorDefinition
{
    /// <summary>Weight matrices side by side: one for each gate, and one for the new state.</summary>
    protected abstract int Gates { get; }

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override bool IsRecurrent => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) =>
        (long)shapes.Inputs[0][0] * shapes.Inputs[0][1] * (OperatorShapes.Elements(shapes.Inputs[1]) + OperatorShapes.Elements(shapes.Inputs[2]));

    /// <summary>Two matrices a step, and for each gate and unit a sum, an activation and the rest of the cell.</summary>
    internal override KernelCost TableCost(OperatorRecord record)
    {
        long steps = (long)record.Inputs[0].Dimension(0) * record.Inputs[0].Dimension(1);
        long hidden = record.Inputs[2].Dimension(1);
        long units = Gates * hidden;
        var input = KernelCost.FloatMatrix(steps, record.Inputs[0].Dimension(2), units);
        var state = KernelCost.FloatMatrix(steps, hidden, units);
        long cells = steps * (200 + (units * (22 + 110)) + (hidden * 40));
        return new KernelCost(input.Instructions + state.Instructions + cells, input.Ram + state.Ram + (int)(((5 * units) + (4 * hidden)) * sizeof(float)) + (8 * KernelCost.ArrayOverhead));
    }

    /// <inheritdoc/>
    internal override string? ChunkObstacle(OperatorRecord record) => WeightsInRam(record);

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => null;

    /// <inheritdoc/>
    internal override int? Frames(Node node) => node.Input(0).Shape[0];

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => frames.Recurrent(node, RecurrentRule.Reverse);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;
}
