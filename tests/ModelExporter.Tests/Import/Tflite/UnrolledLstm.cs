using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite.Tables;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>
/// A quantized LSTM written out step by step: Dense makes the gates, and each step adds those of the state before, looks sigmoid and
/// tanh up, and multiplies. The importer wrote it so before there was an operator, and TensorFlow Lite Micro's bytes were met by it.
/// </summary>
internal sealed class UnrolledLstm
{
    private const float GateScale = 1f / 4096;
    private const float FunctionScale = 1f / 32768;

    private readonly Graph graph;
    private readonly Node layer;
    private readonly int hidden;
    private readonly Value sigmoid;
    private readonly Value gateTanh;
    private readonly Value cellTanh;
    private int names;

    private UnrolledLstm(Graph graph, Node layer)
    {
        this.graph = graph;
        this.layer = layer;
        hidden = layer.Input(2).LastDimension;
        int power = (int)Math.Round(Math.Log2(layer.Outputs[2].Quantization!.Scale));
        sigmoid = Table("sigmoid", Int16SigmoidTables.AtPower(-12).Logistic);
        gateTanh = Table("tanh", Int16SigmoidTables.AtPower(-12).Tanh);
        cellTanh = Table("cell_tanh", Int16SigmoidTables.AtPower(power).Tanh);
    }

    /// <summary>The same graph with other nodes in the place of each LSTM.</summary>
    internal static Graph Of(Graph source)
    {
        var graph = new Graph { Metadata = source.Metadata };
        graph.Inputs.AddRange(source.Inputs);
        graph.Outputs.AddRange(source.Outputs);
        foreach (Node node in source.Nodes)
        {
            if (node.Opcode == Opcode.QuantizedLSTM)
            {
                new UnrolledLstm(graph, node).Convert();
            }
            else
            {
                graph.Nodes.Add(node);
            }
        }

        return graph;
    }

    private void Convert()
    {
        Value x = layer.Input(0);
        int steps = x.Shape[0];
        Value gates = Gates(x, 1, QuantizedLSTMRule.InputFactors, layer.Input(3));
        Value state = layer.Input(RecurrentRule.FirstState);
        Value cell = layer.Input(RecurrentRule.FirstCell);
        var outputs = new Value[steps];
        for (int i = 0; i < steps; i++)
        {
            (state, cell) = Step(Reshaped(Slice(gates, 0, i, 1), [x.Shape[1], 4 * hidden]), state, cell);
            outputs[i] = Reshaped(state, [1, x.Shape[1], hidden]);
        }

        Add(Opcode.Concat, outputs, layer.Outputs[0]).With(ConcatRule.Axis, 0);
        Copy(state, layer.Outputs[1]);
        Copy(cell, layer.Outputs[2]);
    }

    // Gates lie in the order i, o, f, c.
    private (Value State, Value Cell) Step(Value fromInput, Value state, Value cell)
    {
        Quantization cellScale = layer.Outputs[2].Quantization!;
        Quantization stateScale = layer.Outputs[1].Quantization!;
        Value gates = Sum(fromInput, Gates(state, 2, QuantizedLSTMRule.StateFactors, null), GateScale, 0);
        Value open = Lookup(sigmoid, Slice(gates, 1, 0, 3 * hidden));
        Value candidate = Lookup(gateTanh, Slice(gates, 1, 3 * hidden, hidden));
        Value kept = Product(Slice(open, 1, 2 * hidden, hidden), cell, cellScale, short.MinValue, short.MaxValue);
        Value taken = Product(Slice(open, 1, 0, hidden), candidate, cellScale, short.MinValue, short.MaxValue);
        Value next = Sum(kept, taken, cellScale.Scale, layer.Parameters[QuantizedLSTMRule.CellClip]);
        Value read = Slice(open, 1, hidden, hidden);
        Value bounded = Lookup(cellTanh, next);
        if (state.Type == TensorType.Int16)
        {
            return (Product(bounded, read, stateScale, short.MinValue, short.MaxValue), next);
        }

        int zero = stateScale.ZeroPoint;
        Value wide = Product(bounded, read, stateScale with { ZeroPoint = 0 }, sbyte.MinValue - zero, sbyte.MaxValue - zero);
        Value narrow = New(TensorType.Int8, wide.Shape, stateScale);
        int[] segments = Int16TableBuilder.Exactly(value => value + zero, sbyte.MinValue, sbyte.MaxValue).Segments;
        Add(Opcode.Table, [wide, Value.Constant(NextName(), segments, segments.Length)], narrow);
        return (narrow, next);
    }

    private Value Gates(Value x, int weights, int factors, Value? bias)
    {
        Value gates = New(TensorType.Int16, [.. x.Shape[..^1], 4 * hidden], new Quantization(GateScale, 0));
        Add(Opcode.Dense, [x, layer.Input(weights), bias, Spread(layer.Input(factors)), Spread(layer.Input(factors + 1))], gates)
            .With(DenseRule.Min, short.MinValue).With(DenseRule.Max, short.MaxValue);
        return gates;
    }

    private Value Spread(Value perGate) => perGate.Data is sbyte[] shifts
        ? Value.Constant(NextName(), Repeated(shifts), 4 * hidden)
        : Value.Constant(NextName(), Repeated((int[])perGate.Data!), 4 * hidden);

    private T[] Repeated<T>(T[] perGate) => [.. perGate.SelectMany(value => Enumerable.Repeat(value, 4 * hidden / perGate.Length))];

    // A saturating sum of one scale: the factors of Add cancel its shift to the left, so that nothing is rounded.
    private Value Sum(Value a, Value b, float scale, int bound)
    {
        Value sum = New(TensorType.Int16, a.Shape, new Quantization(scale, 0));
        var half = QuantizedMultiplier.From(0.5);
        var back = QuantizedMultiplier.From(Math.ScaleB(2, -BinaryRule.LeftShiftOf(TensorType.Int16)));
        Add(Opcode.Add, [a, b], sum)
            .With(BinaryRule.MultiplierA, half.Multiplier).With(BinaryRule.ShiftA, half.Shift)
            .With(BinaryRule.MultiplierB, half.Multiplier).With(BinaryRule.ShiftB, half.Shift)
            .With(BinaryRule.Multiplier, back.Multiplier).With(BinaryRule.Shift, back.Shift)
            .With(BinaryRule.Min, bound > 0 ? -bound : short.MinValue).With(BinaryRule.Max, bound > 0 ? bound : short.MaxValue);
        return sum;
    }

    private Value Product(Value a, Value b, Quantization scale, int min, int max)
    {
        Value product = New(TensorType.Int16, a.Shape, scale);
        var factor = QuantizedMultiplier.From((double)a.Quantization!.Scale * b.Quantization!.Scale / scale.Scale);
        Add(Opcode.Mul, [a, b], product)
            .With(BinaryRule.Multiplier, factor.Multiplier).With(BinaryRule.Shift, factor.Shift)
            .With(BinaryRule.Min, min).With(BinaryRule.Max, max);
        return product;
    }

    private Value Lookup(Value table, Value x)
    {
        Value y = New(TensorType.Int16, x.Shape, new Quantization(FunctionScale, 0));
        Add(Opcode.Table, [x, table], y);
        return y;
    }

    private Value Slice(Value x, int axis, int start, int count)
    {
        int[] shape = [.. x.Shape];
        shape[axis] = count;
        Value part = New(x.Type, shape, x.Quantization!);
        Stepped(Add(Opcode.Slice, [x], part).With(SliceRule.Start + axis, start), shape.Length);
        return part;
    }

    private void Copy(Value x, Value y) => Stepped(Add(Opcode.Slice, [x], y), x.Shape.Length);

    private static void Stepped(Node node, int rank)
    {
        for (int i = 0; i < rank; i++)
        {
            node.With(SliceRule.Step + i, 1);
        }
    }

    private Value Reshaped(Value x, int[] shape)
    {
        Value y = New(x.Type, shape, x.Quantization!);
        Add(Opcode.Reshape, [x], y);
        return y;
    }

    private Value Table(string kind, Func<int, int> function)
    {
        int[] segments = Int16TableBuilder.Exactly(function).Segments;
        return Value.Constant($"{layer.Name}.{kind}", segments, segments.Length);
    }

    private Node Add(Opcode opcode, Value?[] inputs, Value output)
    {
        var node = new Node(opcode, output.Name, inputs, output);
        graph.Nodes.Add(node);
        return node;
    }

    private Value New(TensorType type, int[] shape, Quantization scale) => new(NextName(), type, shape) { Quantization = scale };

    private string NextName() => $"{layer.Name}.unrolled.{names++}";
}
