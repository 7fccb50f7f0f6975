using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Gated recurrent unit or recurrent layer in integers.</summary>
internal sealed class QuantizedRecurrent : RecurrentLayer
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.QuantizedRecurrent;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => null;

    /// <inheritdoc/>
    protected override int Gates => 3;

    /// <inheritdoc/>
    protected override IReadOnlyList<(int Function, int Uses)> Functions { get; } = [];

    /// <summary>
    /// Two matrices a step, of which that of the state is two where the reset gate comes before it; a gate is added, bounded and interpolated, and a unit has one
    /// requantization more. The table is an array of int32.
    /// </summary>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        TensorType type = record.Inputs[0].Type;
        double steps = (double)record.Inputs[0].Dimension(0) * record.Inputs[0].Dimension(1);
        long hidden = record.Inputs[2].Dimension(1);
        int cell = record.Int(QuantizedRecurrentRule.Cell);
        int gates = QuantizedRecurrentRule.GatesOf(cell);
        MatrixCost.FixedPoint(cost, type, steps, record.Inputs[0].Dimension(2), gates * hidden, hasTable: false, 1, sharesFactors: false);
        if (cell == QuantizedRecurrentRule.ResetBefore)
        {
            MatrixCost.FixedPoint(cost, type, steps, hidden, 2 * hidden, hasTable: false, 1, sharesFactors: false);
            MatrixCost.FixedPoint(cost, type, steps, hidden, hidden, hasTable: false, 1, sharesFactors: false);
        }
        else
        {
            MatrixCost.FixedPoint(cost, type, steps, hidden, gates * hidden, hasTable: false, 1, sharesFactors: false);
        }

        cost.Run("step", steps);
        cost.Run("unit", steps * hidden);
        cost.Run("gate", (gates - 1) * steps * hidden);
        cost.Hold("unit", gates * hidden);
        cost.Numbers(SigmoidLines.Entries * sizeof(int));
    }

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => frames.Recurrent(node, QuantizedLSTMRule.Reverse);
}
