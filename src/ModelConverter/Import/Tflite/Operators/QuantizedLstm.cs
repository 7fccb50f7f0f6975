using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite.Tables;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>
/// UNIDIRECTIONAL_SEQUENCE_LSTM with int8 or int16 activations and an int16 cell, by TensorFlow Lite Micro's integers: QuantizedLSTM, whose
/// gates have a multiplier each.
/// </summary>
internal sealed class QuantizedLstm
{
    private const float GateScale = 1f / 4096;
    private const float FunctionScale = 1f / 32768;
    private const int InputWeights = 1;
    private const int RecurrentWeights = 5;
    private const int BiasInput = 12;
    private const int StateInput = 18;
    private const int CellInput = 19;

    // TensorFlow Lite has input, forget, cell, output.
    private static readonly int[] order = [0, 3, 1, 2];

    private readonly TfliteNodeContext source;
    private readonly Value input;
    private readonly Value output;
    private readonly Quantization cellScale;
    private readonly Quantization stateScale;
    private readonly int power;
    private readonly int hidden;
    private readonly int clip;

    internal QuantizedLstm(TfliteNodeContext source, Value input, Value output, float clip)
    {
        this.source = source;
        this.input = input;
        this.output = output;
        stateScale = Scale(StateInput);
        cellScale = Scale(CellInput);
        power = (int)Math.Round(Math.Log2(cellScale.Scale));
        if (source.InputTensor(CellInput).Type != TfliteType.Int16 || cellScale.ZeroPoint != 0 || !Int16SigmoidTables.IsPowerOfTwo(cellScale.Scale, power))
        {
            throw TfliteNodeContext.Unsupported("has a cell that is not int16 with a power of two as its scale");
        }

        hidden = output.LastDimension;
        this.clip = clip > 0 ? (int)Math.Min((double)clip / cellScale.Scale, short.MaxValue) : 0;
    }

    /// <summary>Adds the layer.</summary>
    /// <param name="x">The input, time first.</param>
    /// <param name="all">The states of all steps, time first.</param>
    internal void Convert(Value x, Value all)
    {
        MovementConverter.SameScale(output, new Value(source.Name, output.Type, output.Shape) { Quantization = stateScale });
        (int cellMultiplier, int cellShift) = SigmoidTable.Position(power);
        Value?[] inputs =
        [
            x, Weights(InputWeights, x.LastDimension), Weights(RecurrentWeights, hidden), Bias(), null, null,
            .. Factors(InputWeights, TfliteNodeContext.Quantized(x)), .. Factors(RecurrentWeights, stateScale),
            Value.Constant(source.Name + ".table", SigmoidTable.Constant(), SigmoidLines.Entries),
        ];
        var cell = new Value(source.Name + ".cell", TensorType.Int16, x.Shape[1], hidden) { Quantization = cellScale, IsState = true };
        inputs[RecurrentRule.FirstCell] = cell;
        var last = new Value(source.Name + ".state", x.Type, cell.Shape) { Quantization = stateScale, IsState = stateScale.ZeroPoint == 0 };
        inputs[RecurrentRule.FirstState] = last;
        if (!last.IsState)
        {
            // A state starts as zero bytes, so that one with a zero point is kept that much lower.
            TfliteVariables variables = source.Owner.Variables;
            int handle = source.InputIndex(StateInput);
            variables.Handle(handle, source.Name + ".kept");
            variables.Initialize(source.Name + ".kept", stateScale.ZeroPoint);
            inputs[RecurrentRule.FirstState] = variables.Read(handle, last, source.Owner.Graph);
            variables.Assign(handle, last, source.Owner.Graph);
        }

        Node node = source.Add(Opcode.QuantizedLSTM, inputs, all, last, cell)
            .With(QuantizedLSTMRule.CellClip, clip).With(QuantizedLSTMRule.CellPosition, cellMultiplier).With(QuantizedLSTMRule.CellPosition + 1, cellShift);
        With(node, QuantizedLSTMRule.Forget, (double)FunctionScale * cellScale.Scale / cellScale.Scale);
        With(node, QuantizedLSTMRule.Input, (double)FunctionScale * FunctionScale / cellScale.Scale);
        With(node, QuantizedLSTMRule.Output, (double)FunctionScale * FunctionScale / stateScale.Scale);
    }

    private static void With(Node node, int position, double ratio)
    {
        QuantizedMultiplier factor = TfliteNodeContext.Multiplier(ratio);
        node.With(position, factor.Multiplier).With(position + 1, factor.Shift);
    }

    private Value Weights(int first, int depth)
    {
        var weights = new List<sbyte>();
        foreach (int gate in order)
        {
            weights.AddRange((sbyte[])Weight(first + gate, depth).Data!);
        }

        return Value.Constant($"{source.Name}.weights{first}", [.. weights], 4 * hidden, depth);
    }

    // A multiplier and a shift for each gate.
    private Value[] Factors(int first, Quantization scale)
    {
        QuantizedMultiplier[] factors = Array.ConvertAll(order, gate =>
            TfliteNodeContext.Multiplier((double)(scale.Scale * source.Constant(first + gate).Quantization!.Scale) / GateScale));
        return
        [
            Value.Constant($"{source.Name}.multipliers{first}", Array.ConvertAll(factors, factor => factor.Multiplier), factors.Length),
            Value.Constant($"{source.Name}.shifts{first}", Array.ConvertAll(factors, factor => (sbyte)factor.Shift), factors.Length),
        ];
    }

    private Value Weight(int position, int depth) =>
        source.Constant(position) is { Data: sbyte[] data, Quantization: { Scales: null, ZeroPoint: 0 } } one && data.Length == hidden * depth
            ? one
            : throw TfliteNodeContext.Unsupported($"has weights {source.Constant(position)}; int8 [{hidden}, {depth}] with one scale and zero point 0 is supported");

    private Value Bias()
    {
        long[] all = [.. order.SelectMany(gate => Biases(source.Constant(BiasInput + gate)))];
        return input.Type == TensorType.Int8
            ? Value.Constant(source.Name + ".bias", Array.ConvertAll(all, value => (int)value), all.Length)
            : Value.Constant(source.Name + ".bias", all, all.Length);
    }

    private IEnumerable<long> Biases(Value bias) => bias.Data switch
    {
        int[] values when values.Length == hidden && input.Type == TensorType.Int8 => values.Select(value => (long)value),
        long[] values when values.Length == hidden && input.Type == TensorType.Int16 => values,
        _ => throw TfliteNodeContext.Unsupported($"has a bias {bias} for {input.Type} activations"),
    };

    private Quantization Scale(int position) => source.QuantizationOf(position) is { Scales: null } scale
        ? scale
        : throw TfliteNodeContext.Unsupported($"needs one scale for {source.InputTensor(position)}");
}
