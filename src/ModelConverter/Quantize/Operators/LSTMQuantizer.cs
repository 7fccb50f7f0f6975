using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>
/// LSTM with the usual functions: weights in int8 with a scale for each row, gates in int16 in steps of 1/4096, the cell in int16
/// with a power of two as its scale. The states get zero point 0, so that one that a model keeps begins as zero bytes.
/// </summary>
internal static class LSTMQuantizer
{
    private const int Gates = 4;
    private const double GateScale = 1.0 / 4096;
    private const double FunctionScale = 1.0 / 32768;

    // Calibration sees the last cell of each row, not those before.
    private const double CellHeadroom = 4;

    // A multiplier of 64-bit sums is below 2^7.
    private const int MostWide = 128;

    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (!IsUsual(node) || !KeepsToItself(quantizer.Prepared.Graph, node))
        {
            return false;
        }

        Value x = quantizer.Convert(node.Input(0), precision);
        var stateScale = new Quantization(StateScale(quantizer.QuantizationOf(node.Outputs[0], precision), x.Type), 0);
        int power = CellPower(quantizer.Prepared.Calibration[node.Outputs[2]].Range);
        QuantizedWeights input = InputWeights(quantizer, node, x);
        QuantizedWeights recurrent = Rows(quantizer, node.Input(2).Floats, new double[Gates * node.Input(2).LastDimension], stateScale, x.Type, null);
        if (Factors(x.Quantization!.Scale, input, x.Type) is not { } inputFactors || Factors(stateScale.Scale, recurrent, x.Type) is not { } stateFactors)
        {
            return false;
        }

        string name = node.Name;
        Value Output(int index, TensorType type, Quantization scale) =>
            new(node.Outputs[index].Name, type, node.Outputs[index].Shape) { Quantization = scale, IsState = node.Outputs[index].IsState };
        Value all = Output(0, x.Type, stateScale);
        Value last = Output(1, x.Type, stateScale);
        Value cell = Output(2, TensorType.Int16, new Quantization((float)Math.ScaleB(1, power), 0));
        (int cellMultiplier, int cellShift) = SigmoidTable.Position(power);
        Node layer = new Node(
            Opcode.QuantizedLSTM,
            name,
            [
                x, Integers(node.Input(1), input), Integers(node.Input(2), recurrent), Bias(name, input, x.Type),
                node.InputOrNull(RecurrentRule.FirstState) is null ? null : last, node.InputOrNull(RecurrentRule.FirstCell) is null ? null : cell,
                .. Constants(node.Input(1).Name, inputFactors), .. Constants(node.Input(2).Name, stateFactors),
                Value.Constant(name + ".table", SigmoidTable.Constant(), SigmoidLines.Entries),
            ],
            all,
            last,
            cell)
            .With(QuantizedLSTMRule.Reverse, node.Parameters[RecurrentRule.Reverse])
            .With(QuantizedLSTMRule.CellPosition, cellMultiplier).With(QuantizedLSTMRule.CellPosition + 1, cellShift);
        With(layer, QuantizedLSTMRule.Forget, FunctionScale);
        With(layer, QuantizedLSTMRule.Input, FunctionScale * FunctionScale / Math.ScaleB(1, power));
        With(layer, QuantizedLSTMRule.Output, FunctionScale * FunctionScale / stateScale.Scale);
        quantizer.Target.Nodes.Add(layer);
        quantizer.Set(node.Outputs[0], precision, all);
        quantizer.Set(node.Outputs[1], precision, last);
        quantizer.Set(node.Outputs[2], Precision.Int16, cell);
        return true;
    }

    // Sigmoid, tanh and tanh without what the integers lack, beginning at zero or with the states that it keeps itself.
    private static bool IsUsual(Node node) =>
        node.Parameters[RecurrentRule.Activations] == (int)ActivationKind.Sigmoid
        && node.Parameters[RecurrentRule.Activations + 3] == (int)ActivationKind.Tanh
        && node.Parameters[RecurrentRule.Activations + 6] == (int)ActivationKind.Tanh
        && node.Float(RecurrentRule.Clip) == 0
        && node.Parameters[RecurrentRule.Variant] == 0
        && node.InputOrNull(6) is null
        && node.Input(2).LastDimension <= DenseRule.MaxWideProducts
        && IsOwn(node, RecurrentRule.FirstState, 1)
        && IsOwn(node, RecurrentRule.FirstCell, 2);

    // What is read as a state elsewhere would be missing in float32.
    private static bool KeepsToItself(Graph graph, Node node) =>
        node.Outputs.Where(output => output.IsState).All(state => !graph.Outputs.Contains(state) && graph.Consumers(state).All(reader => reader == node));

    private static bool IsOwn(Node node, int input, int output) =>
        node.InputOrNull(input) is not { } first || (first == node.Outputs[output] && first.IsState);

    // Symmetric, over what the asymmetric one covers.
    private static float StateScale(Quantization covered, TensorType type)
    {
        int lowest = type == TensorType.Int8 ? sbyte.MinValue : short.MinValue;
        int highest = -lowest - 1;
        double reach = Math.Max(covered.ZeroPoint - lowest, highest - covered.ZeroPoint) * (double)covered.Scale;

        // An output is below 1.
        return (float)(Math.Min(reach, 1) / highest);
    }

    private static int CellPower(ValueRange last)
    {
        double most = CellHeadroom * Math.Max(Math.Abs((double)last.Low), Math.Abs((double)last.High));
        return Math.Clamp((int)Math.Ceiling(Math.Log2(Math.Max(most, 1e-30))) - 15, SigmoidTable.GatePower, 0);
    }

    private static QuantizedWeights InputWeights(Quantizer quantizer, Node node, Value x)
    {
        int rows = Gates * node.Input(2).LastDimension;
        var biases = new double[rows];
        for (int i = 0; i < rows && node.InputOrNull(3) is not null; i++)
        {
            biases[i] = (double)node.Input(3).Floats[i] + node.Input(3).Floats[rows + i];
        }

        double[]? means = quantizer.Options.BiasCorrection ? quantizer.Prepared.Calibration[node.Input(0)].Means : null;
        return Rows(quantizer, node.Input(1).Floats, biases, x.Quantization!, x.Type, means);
    }

    private static QuantizedWeights Rows(Quantizer quantizer, float[] weights, double[] biases, Quantization scale, TensorType type, double[]? means)
    {
        double[] real = Array.ConvertAll(weights, weight => (double)weight);
        double[]? met = means is null ? null : [.. Enumerable.Range(0, real.Length).Select(i => means[i % means.Length])];
        return QuantizedWeights.From(real, biases, scale.Scale, met, quantizer.Options.PerChannel, scale.ZeroPoint, type == TensorType.Int16 ? GateScale : null);
    }

    private static QuantizedMultiplier[]? Factors(double scale, QuantizedWeights weights, TensorType type)
    {
        double[] factors = Array.ConvertAll(weights.Scales, one => scale * one / GateScale);
        return factors.All(factor => type == TensorType.Int16 ? factor < MostWide : QuantizedMultiplier.IsInRange(factor))
            ? Array.ConvertAll(factors, QuantizedMultiplier.From)
            : null;
    }

    private static Value[] Constants(string name, QuantizedMultiplier[] factors) =>
    [
        Value.Constant(name + ".multiplier", Array.ConvertAll(factors, factor => factor.Multiplier), factors.Length),
        Value.Constant(name + ".shift", Array.ConvertAll(factors, factor => (sbyte)factor.Shift), factors.Length),
    ];

    private static Value Integers(Value source, QuantizedWeights weights)
    {
        Value integers = Value.Constant(source.Name + ".int8", weights.Weights, source.Shape);
        integers.Quantization = new Quantization(weights.Scales[0], 0, weights.Scales);
        return integers;
    }

    private static Value Bias(string name, QuantizedWeights weights, TensorType type) => type == TensorType.Int8
        ? Value.Constant(name + ".bias", Array.ConvertAll(weights.Biases, value => checked((int)value)), weights.Biases.Length)
        : Value.Constant(name + ".bias", weights.Biases, weights.Biases.Length);

    private static void With(Node node, int position, double ratio)
    {
        var factor = QuantizedMultiplier.From(ratio);
        node.With(position, factor.Multiplier).With(position + 1, factor.Shift);
    }
}
