using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>
/// GRU of sigmoid and tanh, and RNN of tanh or ReLU: weights in int8 with a scale for each row, gates in int16. What a step carries on is
/// in int16, so that a GRU that changes it little does not round it away; the states of an int8 layer are rounded from it.
/// </summary>
internal static class RecurrentQuantizer
{
    // The sums of a ReLU may be larger than what it gave in calibration.
    private const double SumHeadroom = 8;

    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (RecurrentObstacle.Of(quantizer.Prepared.Graph, node) is not null)
        {
            return false;
        }

        int cell = CellOf(node);
        Value x = quantizer.Convert(node.Input(0), precision);
        bool bounded = cell != QuantizedRecurrentRule.ReLU;
        double reach = RecurrentParts.StateReach(quantizer.QuantizationOf(node.Outputs[0], precision), x.Type);
        Quantization stateScale = RecurrentParts.StateScale(bounded ? Math.Min(reach, 1) : reach, x.Type);
        (double[] ofInput, double[] ofState) = Biases(node, cell);
        double gateScale = bounded ? RecurrentParts.GateScale : SumScale(quantizer.Prepared.Calibration[node.Input(0)].Range, node, ofInput, reach);
        double cellScale = bounded ? RecurrentParts.FunctionScale : gateScale;
        double shown = cellScale * RecurrentParts.FunctionScale / stateScale.Scale;
        QuantizedWeights input = RecurrentParts.OfInput(quantizer, node, x, ofInput, gateScale);
        QuantizedWeights recurrent = RecurrentParts.OfState(quantizer, node, stateScale, x.Type, ofState, gateScale);
        if (RecurrentParts.Factors(x.Quantization!.Scale, input, x.Type, gateScale) is not { } inputFactors
            || RecurrentParts.Factors(stateScale.Scale, recurrent, x.Type, gateScale) is not { } stateFactors
            || !QuantizedMultiplier.IsInRange(shown))
        {
            return false;
        }

        string name = node.Name;
        Value all = RecurrentParts.Twin(node.Outputs[0], x.Type, stateScale);
        Value last = RecurrentParts.Twin(node.Outputs[1], x.Type, stateScale);
        var carried = new Value(last.Name + ".cell", TensorType.Int16, last.Shape) { Quantization = new Quantization((float)cellScale, 0), IsState = last.IsState };
        bool goesOn = node.InputOrNull(RecurrentRule.FirstState) is not null;
        Node layer = new Node(
            Opcode.QuantizedRecurrent,
            name,
            [
                x, RecurrentParts.Integers(node.Input(1), input), RecurrentParts.Integers(node.Input(2), recurrent), RecurrentParts.Bias(name + ".bias", input, x.Type),
                goesOn ? last : null, goesOn ? carried : null,
                .. RecurrentParts.Constants(node.Input(1).Name, inputFactors), .. RecurrentParts.Constants(node.Input(2).Name, stateFactors),
                RecurrentParts.Table(name), .. StateBias(name, recurrent, x.Type),
            ],
            all,
            last,
            carried)
            .With(QuantizedLSTMRule.Reverse, node.Parameters[RecurrentRule.Reverse])
            .With(QuantizedRecurrentRule.Cell, cell);
        RecurrentParts.With(layer, QuantizedRecurrentRule.Output, shown);
        quantizer.Target.Nodes.Add(layer);
        quantizer.Set(node.Outputs[0], precision, all);
        quantizer.Set(node.Outputs[1], precision, last);
        return true;
    }

    private static int CellOf(Node node) => node.Opcode == Opcode.GRU
        ? node.Parameters[RecurrentRule.Variant] == 0 ? QuantizedRecurrentRule.ResetBefore : QuantizedRecurrentRule.ResetAfter
        : node.Parameters[RecurrentRule.Activations] == (int)ActivationKind.ReLU ? QuantizedRecurrentRule.ReLU : QuantizedRecurrentRule.Tanh;

    // A reset gate after the matrix applies to that bias too; all others are one with those of the input.
    private static (double[] OfInput, double[] OfState) Biases(Node node, int cell)
    {
        int rows = node.Input(2).Shape[0];
        int hidden = node.Input(2).LastDimension;
        var ofInput = new double[rows];
        var ofState = new double[rows];
        for (int i = 0; i < rows && node.InputOrNull(3) is not null; i++)
        {
            ofInput[i] = node.Input(3).Floats[i];
            bool apart = cell == QuantizedRecurrentRule.ResetAfter && i >= 2 * hidden;
            (apart ? ofState : ofInput)[i] += node.Input(3).Floats[rows + i];
        }

        return (ofInput, ofState);
    }

    private static Value[] StateBias(string name, QuantizedWeights recurrent, TensorType type) =>
        recurrent.Biases.Any(bias => bias != 0) ? [RecurrentParts.Bias(name + ".state_bias", recurrent, type)] : [];

    // Each of both sums has its bound by the weights; what is far beyond the calibrated states is cut.
    private static double SumScale(ValueRange x, Node node, double[] biases, double reach)
    {
        double most = Math.Max(Math.Abs((double)x.Low), Math.Abs((double)x.High));
        double bound = Math.Max(Largest(node.Input(1), most, biases), Largest(node.Input(2), reach, new double[biases.Length]));
        return Math.Max(Math.Min(bound, SumHeadroom * reach), 1e-6) / short.MaxValue;
    }

    private static double Largest(Value weights, double most, double[] biases) =>
        biases.Select((bias, row) => Math.Abs(bias) + (most * weights.Floats.AsSpan(row * weights.LastDimension, weights.LastDimension).ToArray().Sum(weight => Math.Abs((double)weight)))).Max();
}
