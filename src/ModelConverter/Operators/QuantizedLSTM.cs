using EdgeInference.ModelConverter.Graphs;
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

    /// <summary>
    /// Two matrices a step; a gate is added, bounded and interpolated, and a unit has three requantizations and one more interpolation.
    /// The table is an array of int32.
    /// </summary>
    internal override KernelCost TableCost(OperatorRecord record)
    {
        TensorType type = record.Inputs[0].Type;
        long steps = (long)record.Inputs[0].Dimension(0) * record.Inputs[0].Dimension(1);
        long hidden = record.Inputs[2].Dimension(1);
        long units = Gates * hidden;
        var input = KernelCost.Matrix(type, steps, record.Inputs[0].Dimension(2), units);
        var state = KernelCost.Matrix(type, steps, hidden, units);
        long cells = steps * (80 + (units * 90) + (hidden * 330));
        int arrays = (int)(2 * units * sizeof(short)) + (SigmoidLines.Entries * sizeof(int)) + (3 * KernelCost.ArrayOverhead);
        return new KernelCost(input.Instructions + state.Instructions + cells, input.Ram + state.Ram + arrays);
    }

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => frames.Recurrent(node, QuantizedLSTMRule.Reverse);
}
