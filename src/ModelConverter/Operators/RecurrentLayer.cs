using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>RNN, GRU, LSTM and QuantizedLSTM in one direction: they differ in the number of gates and in their reference.</summary>
internal abstract class RecurrentLayer : OperatorDefinition
{
    /// <summary>Weight matrices side by side: one for each gate, and one for the new state.</summary>
    protected abstract int Gates { get; }

    /// <summary>Its activations, each with the number of times that a unit takes it.</summary>
    protected abstract IReadOnlyList<(int Function, int Uses)> Functions { get; }

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override bool IsRecurrent => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) =>
        (long)shapes.Inputs[0][0] * shapes.Inputs[0][1] * (OperatorShapes.Elements(shapes.Inputs[1]) + OperatorShapes.Elements(shapes.Inputs[2]));

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        double steps = (double)record.Inputs[0].Dimension(0) * record.Inputs[0].Dimension(1);
        long hidden = record.Inputs[2].Dimension(1);
        long units = Gates * hidden;
        MatrixCost.Float32(cost, steps, record.Inputs[0].Dimension(2), units);
        MatrixCost.Float32(cost, steps, hidden, units);
        cost.Run("step", steps);
        cost.Run("unit", steps * hidden);
        cost.Run("peephole", record.HasInput(6) ? steps * hidden : 0);
        foreach ((int function, int uses) in Functions)
        {
            cost.Activation((ActivationKind)record.Int(RecurrentRule.Activations + (function * 3)), steps * hidden * uses);
        }

        cost.Constants(record, 3);
        cost.Hold("unit", hidden);
    }

    /// <inheritdoc/>
    internal override string? ChunkObstacle(OperatorRecord record) => WeightsInRam(record);

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => record.Inputs[0].Type == TensorType.Float32
        ? (code, layer) => code.Recurrent(layer)
        : (code, layer) => code.QuantizedRecurrent(layer);

    /// <inheritdoc/>
    internal override int? Frames(Node node) => node.Input(0).Shape[0];

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => frames.Recurrent(node, RecurrentRule.Reverse);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;
}
