using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>
/// LSTM with the usual functions: weights in int8 with a scale for each row, gates in int16 in steps of 1/4096, the cell in int16
/// with a power of two as its scale. The states get zero point 0, so that one that a model keeps begins as zero bytes.
/// </summary>
internal static class LSTMQuantizer
{
    private const int Gates = 4;

    // Calibration sees the last cell of each row, not those before.
    private const double CellHeadroom = 4;

    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (RecurrentObstacle.Of(quantizer.Prepared.Graph, node) is not null)
        {
            return false;
        }

        Value x = quantizer.Convert(node.Input(0), precision);

        // An output is below 1.
        Quantization stateScale = RecurrentParts.StateScale(Math.Min(RecurrentParts.StateReach(quantizer.QuantizationOf(node.Outputs[0], precision), x.Type), 1), x.Type);
        int power = CellPower(quantizer.Prepared.Calibration[node.Outputs[2]].Range);
        int rows = Gates * node.Input(2).LastDimension;
        var biases = new double[rows];
        for (int i = 0; i < rows && node.InputOrNull(3) is not null; i++)
        {
            biases[i] = (double)node.Input(3).Floats[i] + node.Input(3).Floats[rows + i];
        }

        QuantizedWeights input = RecurrentParts.OfInput(quantizer, node, x, biases, RecurrentParts.GateScale);
        QuantizedWeights recurrent = RecurrentParts.OfState(quantizer, node, stateScale, x.Type, new double[rows], RecurrentParts.GateScale);
        if (RecurrentParts.Factors(x.Quantization!.Scale, input, x.Type, RecurrentParts.GateScale) is not { } inputFactors
            || RecurrentParts.Factors(stateScale.Scale, recurrent, x.Type, RecurrentParts.GateScale) is not { } stateFactors)
        {
            return false;
        }

        string name = node.Name;
        Value all = RecurrentParts.Twin(node.Outputs[0], x.Type, stateScale);
        Value last = RecurrentParts.Twin(node.Outputs[1], x.Type, stateScale);
        Value cell = RecurrentParts.Twin(node.Outputs[2], TensorType.Int16, new Quantization((float)Math.ScaleB(1, power), 0));
        (int cellMultiplier, int cellShift) = SigmoidTable.Position(power);
        Node layer = new Node(
            Opcode.QuantizedLSTM,
            name,
            [
                x, RecurrentParts.Integers(node.Input(1), input), RecurrentParts.Integers(node.Input(2), recurrent), RecurrentParts.Bias(name + ".bias", input, x.Type),
                node.InputOrNull(RecurrentRule.FirstState) is null ? null : last, node.InputOrNull(RecurrentRule.FirstCell) is null ? null : cell,
                .. RecurrentParts.Constants(node.Input(1).Name, inputFactors), .. RecurrentParts.Constants(node.Input(2).Name, stateFactors),
                RecurrentParts.Table(name),
            ],
            all,
            last,
            cell)
            .With(QuantizedLSTMRule.Reverse, node.Parameters[RecurrentRule.Reverse])
            .With(QuantizedLSTMRule.CellPosition, cellMultiplier).With(QuantizedLSTMRule.CellPosition + 1, cellShift);
        RecurrentParts.With(layer, QuantizedLSTMRule.Forget, RecurrentParts.FunctionScale);
        RecurrentParts.With(layer, QuantizedLSTMRule.Input, RecurrentParts.FunctionScale * RecurrentParts.FunctionScale / Math.ScaleB(1, power));
        RecurrentParts.With(layer, QuantizedLSTMRule.Output, RecurrentParts.FunctionScale * RecurrentParts.FunctionScale / stateScale.Scale);
        quantizer.Target.Nodes.Add(layer);
        quantizer.Set(node.Outputs[0], precision, all);
        quantizer.Set(node.Outputs[1], precision, last);
        quantizer.Set(node.Outputs[2], Precision.Int16, cell);
        return true;
    }

    private static int CellPower(ValueRange last)
    {
        double most = CellHeadroom * Math.Max(Math.Abs((double)last.Low), Math.Abs((double)last.High));
        return Math.Clamp((int)Math.Ceiling(Math.Log2(Math.Max(most, 1e-30))) - 15, SigmoidTable.GatePower, 0);
    }
}
