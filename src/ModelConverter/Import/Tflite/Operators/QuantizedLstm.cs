using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite.Tables;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>
/// UNIDIRECTIONAL_SEQUENCE_LSTM with int8 or int16 activations and an int16 cell, by TensorFlow Lite Micro's integers: Dense
/// makes the four gates of all steps, and each step adds those of the state before, looks sigmoid and tanh up, and multiplies.
/// The nodes of a step are as many as the sequence has steps.
/// </summary>
internal sealed class QuantizedLstm
{
    private const float GateScale = 1f / 4096;
    private const float FunctionScale = 1f / 32768;
    private const int BiasInput = 12;
    private const int StateInput = 18;
    private const int CellInput = 19;

    // Input, forget and output gate, which are sigmoids, before the cell's, a tanh.
    private static readonly int[] order = [0, 1, 3, 2];

    private readonly TfliteNodeContext source;
    private readonly Value input;
    private readonly Value output;
    private readonly Quantization cellScale;
    private readonly Quantization stateScale;
    private readonly Value sigmoid;
    private readonly Value gateTanh;
    private readonly Value cellTanh;
    private readonly bool timeMajor;
    private readonly int batch;
    private readonly int steps;
    private readonly int hidden;
    private readonly int clip;
    private readonly Dictionary<int, Value> shared = [];
    private int names;

    internal QuantizedLstm(TfliteNodeContext source, Value input, Value output, bool timeMajor, float clip)
    {
        this.source = source;
        this.input = input;
        this.output = output;
        this.timeMajor = timeMajor;
        stateScale = Scale(StateInput);
        cellScale = Scale(CellInput);
        int power = (int)Math.Round(Math.Log2(cellScale.Scale));
        if (source.InputTensor(CellInput).Type != TfliteType.Int16 || cellScale.ZeroPoint != 0 || !Int16SigmoidTables.IsPowerOfTwo(cellScale.Scale, power))
        {
            throw TfliteNodeContext.Unsupported("has a cell that is not int16 with a power of two as its scale");
        }

        batch = input.Shape[timeMajor ? 1 : 0];
        steps = input.Shape[timeMajor ? 0 : 1];
        hidden = output.LastDimension;
        this.clip = clip > 0 ? (int)Math.Min((double)clip / cellScale.Scale, short.MaxValue) : 0;
        sigmoid = Table("sigmoid", Int16SigmoidTables.AtPower(-12).Logistic);
        gateTanh = Table("tanh", Int16SigmoidTables.AtPower(-12).Tanh);
        cellTanh = power == -12 ? gateTanh : Table("cell_tanh", Int16SigmoidTables.AtPower(power).Tanh);
    }

    internal void Convert()
    {
        Value gates = Gates(input, 1, TfliteNodeContext.Quantized(input), BiasInput);
        Value state = Begin(StateInput, input.Type, stateScale, "state");
        Value cell = Begin(CellInput, TensorType.Int16, cellScale, "cell");
        var outputs = new Value[steps];
        int[] one = [.. output.Shape];
        one[timeMajor ? 0 : 1] = 1;
        for (int i = 0; i < steps; i++)
        {
            (state, cell) = Step(Reshaped(Slice(gates, timeMajor ? 0 : 1, i, 1), [batch, 4 * hidden]), state, cell);
            outputs[i] = Reshaped(state, one);
        }

        source.Owner.Variables.Assign(source.InputIndex(StateInput), state, source.Owner.Graph);
        source.Owner.Variables.Assign(source.InputIndex(CellInput), cell, source.Owner.Graph);
        MovementConverter.SameScale([.. outputs, output]);
        source.Add(Opcode.Concat, outputs, output).With(ConcatRule.Axis, timeMajor ? 0 : 1);
    }

    private (Value State, Value Cell) Step(Value fromInput, Value state, Value cell)
    {
        Value gates = Sum(fromInput, Gates(state, 5, stateScale, -1), GateScale, 0);
        Value open = Lookup(sigmoid, Slice(gates, 1, 0, 3 * hidden));
        Value candidate = Lookup(gateTanh, Slice(gates, 1, 3 * hidden, hidden));
        Value kept = Product(Slice(open, 1, hidden, hidden), cell, cellScale, short.MinValue, short.MaxValue);
        Value taken = Product(Slice(open, 1, 0, hidden), candidate, cellScale, short.MinValue, short.MaxValue);
        Value next = Sum(kept, taken, cellScale.Scale, clip);
        Value read = Slice(open, 1, 2 * hidden, hidden);
        Value bounded = Lookup(cellTanh, next);
        if (input.Type == TensorType.Int16)
        {
            return (Product(bounded, read, stateScale, short.MinValue, short.MaxValue), next);
        }

        // In int16 without its zero point, within the bounds of int8, and then with it.
        int zero = stateScale.ZeroPoint;
        Value wide = Product(bounded, read, stateScale with { ZeroPoint = 0 }, sbyte.MinValue - zero, sbyte.MaxValue - zero);
        Value narrow = New(TensorType.Int8, wide.Shape, stateScale);
        UnaryTable.Add(source, wide, narrow, x => x + zero);
        return (narrow, next);
    }

    // The four gates [..., 4 · hidden] of one matrix and one vector of factors.
    private Value Gates(Value x, int first, Quantization scale, int bias)
    {
        int depth = x.LastDimension;
        var weights = new List<sbyte>();
        var multipliers = new List<int>();
        var shifts = new List<sbyte>();
        var biases = new List<long>();
        foreach (int gate in order)
        {
            Value one = source.Constant(first + gate);
            if (one is not { Data: sbyte[] data, Quantization: { Scales: null, ZeroPoint: 0 } quantization } || data.Length != hidden * depth)
            {
                throw TfliteNodeContext.Unsupported($"has weights {one}; int8 [{hidden}, {depth}] with one scale and zero point 0 is supported");
            }

            weights.AddRange(data);
            QuantizedMultiplier factor = TfliteNodeContext.Multiplier((double)(scale.Scale * quantization.Scale) / GateScale);
            multipliers.AddRange(Enumerable.Repeat(factor.Multiplier, hidden));
            shifts.AddRange(Enumerable.Repeat((sbyte)factor.Shift, hidden));
            if (bias >= 0)
            {
                biases.AddRange(Biases(source.Constant(bias + gate)));
            }
        }

        string name = NextName();
        Value? added = bias < 0 ? null
            : input.Type == TensorType.Int8 ? Value.Constant(name + ".bias", [.. biases.Select(value => (int)value)], biases.Count)
            : Value.Constant(name + ".bias", [.. biases], biases.Count);
        Value gates = New(TensorType.Int16, [.. x.Shape[..^1], 4 * hidden], new Quantization(GateScale, 0));
        source.Add(
            Opcode.Dense,
            [
                x, Constant(first, () => Value.Constant(name + ".weights", [.. weights], 4 * hidden, depth)), added,
                Constant(first + 1, () => Value.Constant(name + ".multipliers", [.. multipliers], multipliers.Count)),
                Constant(first + 2, () => Value.Constant(name + ".shifts", [.. shifts], shifts.Count)),
            ],
            gates).With(DenseRule.Min, short.MinValue).With(DenseRule.Max, short.MaxValue);
        return gates;
    }

    // All steps use the same constants.
    private Value Constant(int key, Func<Value> make)
    {
        if (!shared.TryGetValue(key, out Value? value))
        {
            value = make();
            shared.Add(key, value);
        }

        return value;
    }

    private IEnumerable<long> Biases(Value bias) => bias.Data switch
    {
        int[] values when values.Length == hidden && input.Type == TensorType.Int8 => values.Select(value => (long)value),
        long[] values when values.Length == hidden && input.Type == TensorType.Int16 => values,
        _ => throw TfliteNodeContext.Unsupported($"has a bias {bias} for {input.Type} activations"),
    };

    // A saturating sum of one scale: the factors of Add cancel its shift to the left, so that nothing is rounded.
    private Value Sum(Value a, Value b, float scale, int bound)
    {
        Value sum = New(TensorType.Int16, a.Shape, new Quantization(scale, 0));
        QuantizedMultiplier half = TfliteNodeContext.Multiplier(0.5);
        QuantizedMultiplier back = TfliteNodeContext.Multiplier(Math.ScaleB(2, -BinaryRule.LeftShiftOf(TensorType.Int16)));
        source.Add(Opcode.Add, [a, b], sum)
            .With(BinaryRule.MultiplierA, half.Multiplier).With(BinaryRule.ShiftA, half.Shift)
            .With(BinaryRule.MultiplierB, half.Multiplier).With(BinaryRule.ShiftB, half.Shift)
            .With(BinaryRule.Multiplier, back.Multiplier).With(BinaryRule.Shift, back.Shift)
            .With(BinaryRule.Min, bound > 0 ? -bound : short.MinValue).With(BinaryRule.Max, bound > 0 ? bound : short.MaxValue);
        return sum;
    }

    private Value Product(Value a, Value b, Quantization scale, int min, int max)
    {
        Value product = New(TensorType.Int16, a.Shape, scale);
        QuantizedMultiplier factor = TfliteNodeContext.Multiplier((double)TfliteNodeContext.Quantized(a).Scale * TfliteNodeContext.Quantized(b).Scale / scale.Scale);
        source.Add(Opcode.Mul, [a, b], product)
            .With(BinaryRule.Multiplier, factor.Multiplier).With(BinaryRule.Shift, factor.Shift)
            .With(BinaryRule.Min, min).With(BinaryRule.Max, max);
        return product;
    }

    private Value Lookup(Value table, Value x)
    {
        Value y = New(TensorType.Int16, x.Shape, new Quantization(FunctionScale, 0));
        source.Add(Opcode.Table, [x, table], y);
        return y;
    }

    private Value Slice(Value x, int axis, int start, int count)
    {
        int[] shape = [.. x.Shape];
        shape[axis] = count;
        Value part = New(x.Type, shape, x.Quantization!);
        MovementConverter.Slice(source, x, part, axis, start);
        return part;
    }

    private Value Reshaped(Value x, int[] shape)
    {
        Value y = New(x.Type, shape, x.Quantization!);
        source.Add(Opcode.Reshape, [x], y);
        return y;
    }

    private Value Begin(int position, TensorType type, Quantization scale, string kind)
    {
        TfliteVariables variables = source.Owner.Variables;
        int index = source.InputIndex(position);
        string name = $"{source.Name}.{kind}";
        variables.Handle(index, name);
        variables.Initialize(name, scale.ZeroPoint);
        return variables.Read(index, new Value(name, type, batch, hidden) { Quantization = scale }, source.Owner.Graph);
    }

    private Quantization Scale(int position) => source.QuantizationOf(position) is { Scales: null } scale
        ? scale
        : throw TfliteNodeContext.Unsupported($"needs one scale for {source.InputTensor(position)}");

    private Value Table(string kind, Func<int, int> function)
    {
        int[] segments = Int16TableBuilder.Exactly(function).Segments;
        return Value.Constant($"{source.Name}.{kind}", segments, segments.Length);
    }

    private Value New(TensorType type, int[] shape, Quantization scale) => new(NextName(), type, shape) { Quantization = scale };

    private string NextName() => $"{source.Name}.{names++}";
}
