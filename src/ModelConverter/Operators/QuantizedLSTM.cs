using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Long short-term memory in integers.</summary>
internal sealed class QuantizedLSTM : RecurrentLayer
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.QuantizedLSTM;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => null;

    /// <inheritdoc/>
    protected override int Gates => 4;

    /// <inheritdoc/>
    protected override IReadOnlyList<(int Function, int Uses)> Functions { get; } = [];

    /// <summary>
    /// Two matrices a step; a gate is added, bounded and interpolated, and a unit has three requantizations and one more interpolation.
    /// The table is an array of int32.
    /// </summary>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        TensorType type = record.Inputs[0].Type;
        double steps = (double)record.Inputs[0].Dimension(0) * record.Inputs[0].Dimension(1);
        long hidden = record.Inputs[2].Dimension(1);
        long units = Gates * hidden;
        MatrixCost.FixedPoint(cost, type, steps, record.Inputs[0].Dimension(2), units, hasTable: false, 1, sharesFactors: false);
        MatrixCost.FixedPoint(cost, type, steps, hidden, units, hasTable: false, 1, sharesFactors: false);
        cost.Run("step", steps);
        cost.Run("unit", steps * hidden);
        cost.Hold("unit", hidden);
        cost.Numbers(SigmoidLines.Entries * sizeof(int));
    }

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => frames.Recurrent(node, QuantizedLSTMRule.Reverse);
}
